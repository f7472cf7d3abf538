import { NetSpaceError } from '@netspace/prep';
import { checkBytes } from '@netspace/prep/internal';

import { whatIs } from '../what-is.js';
import { ITEM_SIZE, type RawTensorDtype } from '../raw-tensor.js';

/** Where the numbers of an npy file are. */
export interface NpyHeader {
  readonly dtype: RawTensorDtype;
  readonly shape: readonly number[];
  /** Bytes before the first number. */
  readonly dataStart: number;
  /** Bytes that its numbers take. */
  readonly dataBytes: number;
}

/** Bytes that hold any header that is read. */
export const NPY_HEADER_LIMIT = 4096;

const DTYPES: Readonly<Record<string, RawTensorDtype>> = {
  ...{ '<f4': 'F32', '<f8': 'F64', '<f2': 'F16', '<i8': 'I64', '<i4': 'I32', '<i2': 'I16' },
  ...{ '|i1': 'I8', '|u1': 'U8', '|b1': 'BOOL', '<u2': 'U16', '<u4': 'U32', '<u8': 'U64' },
};

/**
 * Reads the header of a NumPy array file, version 1 to 3, from its first bytes; safe on untrusted bytes. Its rows lie one after the other behind it.
 *
 * @param start the first {@link NPY_HEADER_LIMIT} bytes, or all of a smaller file
 * @throws NetSpaceError `CORRUPT_FILE` if it is none, `UNSUPPORTED` for pickled objects, Fortran's order, and types that are no plain
 *   numbers, `LIMIT_EXCEEDED` for a header that is longer
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(start: Uint8Array): NpyHeader {
  checkBytes('readNpyHeader', start);
  if (start.length < 10 || !MAGIC.every((byte, i) => start[i] === byte)) throw corrupt(`an npy file, got ${whatIs(start)}`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const version = start[6]!;
  if (version < 1 || version > 3) throw corrupt(`version 1 to 3, got ${version}`);
  const lengthBytes = version === 1 ? 2 : 4;
  if (start.length < 8 + lengthBytes) throw corrupt(`a header, got ${start.length} bytes`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = 8 + lengthBytes + length;
  if (dataStart > NPY_HEADER_LIMIT) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `readNpyHeader: expected at most ${NPY_HEADER_LIMIT} bytes of header, got ${dataStart}; save a plain array`,
    );
  }
  if (dataStart > start.length) throw corrupt(`${dataStart} bytes of header, got ${start.length}`);
  const text = new TextDecoder('latin1').decode(start.subarray(8 + lengthBytes, dataStart));
  const { descr, order, shape } = parsed(text);
  if (/^['"]?[<>|=]?O/.test(descr) || descr.startsWith('[')) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readNpyHeader: expected numbers, got Python objects or records (${descr.slice(0, 40)}); save them as an array of float32`,
    );
  }
  const dtype = DTYPES[descr];
  if (dtype === undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readNpyHeader: expected numbers of ${Object.keys(DTYPES).join(', ')}, got ${descr.slice(0, 40)}; save them with astype('<f4')`,
    );
  }
  if (order !== 'False') {
    throw new NetSpaceError('UNSUPPORTED', "readNpyHeader: expected C order, got Fortran's; save numpy.ascontiguousarray of it");
  }
  const dataBytes = shape.reduce((product, side) => product * side, 1) * ITEM_SIZE[dtype];
  if (!Number.isSafeInteger(dataBytes)) throw corrupt(`a shape of fewer than 2^53 bytes, got [${shape}]`);
  return { dtype, shape, dataStart, dataBytes };
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Python's literal `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, its keys in any order. */
function parsed(text: string): { readonly descr: string; readonly order: string; readonly shape: readonly number[] } {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  const descr = body && /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(body);
  const order = body && /'fortran_order'\s*:\s*(True|False)/.exec(body)?.[1];
  const sides = body && /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(body)?.[1];
  if (!descr || !order || sides === undefined || (sides === '' && !/'shape'\s*:\s*\(\)/.test(body!))) {
    throw corrupt(`a header with descr, fortran_order and shape, got ${JSON.stringify(text.slice(0, 100))}`);
  }
  const shape = sides!
    .split(',')
    .map((side) => side.trim().replace(/L$/, ''))
    .filter((side) => side !== '')
    .map(Number);
  if (shape.length > 32 || !shape.every((side) => Number.isSafeInteger(side)))
    throw corrupt(`a shape of whole numbers, got (${sides!.slice(0, 100)})`);
  return { descr: descr[1] ?? '[', order, shape };
}

const corrupt = (problem: string): NetSpaceError => new NetSpaceError('CORRUPT_FILE', `readNpyHeader: expected ${problem}; check the path`);
