import { NetSpaceError } from '@netspace/prep';
import { checkBytes } from '@netspace/prep/internal';

import { rawTensorFromBuffer, type RawTensor } from '../raw-tensor.js';
import { NPY_HEADER_LIMIT, readNpyHeader } from './npy-header.js';

/**
 * Reads a NumPy array file (`.npy`), as `numpy.save` writes it; safe on untrusted bytes. The numbers are a copy: the file's bytes may be dropped.
 *
 * @param bytes the whole file
 * @throws NetSpaceError `CORRUPT_FILE` if it is none, or is longer or shorter than its shape says; `UNSUPPORTED` for Python objects, Fortran's
 *   order and types that are no plain little-endian numbers; `LIMIT_EXCEEDED` for a header of more than 4096 bytes
 * @example
 * ```ts
 * import { readNpy } from '@netspace/formats';
 *
 * const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
 * const start = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0, ...new TextEncoder().encode(header)];
 * const bytes = Uint8Array.of(...start, ...new Uint8Array(Float32Array.of(1, 2).buffer)); // or a file's
 * console.log(readNpy(bytes)); // { dtype: 'F32', shape: [ 2 ], data: Float32Array(2) [ 1, 2 ] }
 * ```
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array): RawTensor {
  checkBytes('readNpy', bytes);
  const { dtype, shape, dataStart, dataBytes } = readNpyHeader(bytes.subarray(0, NPY_HEADER_LIMIT));
  if (bytes.byteLength - dataStart !== dataBytes) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `readNpy: expected ${dataBytes} bytes for ${dtype} [${shape}], got ${bytes.byteLength - dataStart}; the file was cut off, or something was added`,
    );
  }
  return rawTensorFromBuffer(dtype, shape, new Uint8Array(bytes.subarray(dataStart)).buffer);
}
