import { NetSpaceError } from '@netspace/prep';
import { structureOf } from '../checkpoint-tensors.js';
import { checkRawTensor, rawToFloat32, type RawTensor, type RawTensorDtype } from '../raw-tensor.js';

/** The source of the values of a weight: one tensor of the file, or several that make it together. */
export interface WeightSource {
  readonly name: string;
  /** The file's tensors that it is made of. */
  readonly parts: readonly string[];
  /** The dict or module that holds them. */
  readonly container: string;
  readonly shape: readonly number[];
  /** Of a tensor of the file. */
  readonly raw?: RawTensor;
  /** The values, row-major; throws if they cannot be read. */
  readonly values: () => Float32Array | Float64Array;
}

export const INTEGERS: ReadonlySet<RawTensorDtype> = new Set<RawTensorDtype>([
  'I64',
  'I32',
  'I16',
  'I8',
  'U64',
  'U32',
  'U16',
  'U8',
  'BOOL',
]);

/** Each tensor of a file as a source by itself. */
export function sourcesOf(caller: string, tensors: ReadonlyMap<string, RawTensor>): Map<string, WeightSource> {
  const { containers } = structureOf(tensors);
  return new Map([...tensors].map(([name, raw]) => [name, { ...sourceOf(caller, name, raw), container: containers.get(name) ?? '' }]));
}

const sourceOf = (caller: string, name: string, raw: RawTensor): Omit<WeightSource, 'container'> => ({
  ...{ name, parts: [name], shape: raw.shape, raw },
  values() {
    checkRawTensor(caller, name, raw);
    if (INTEGERS.has(raw.dtype)) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `${caller}: expected floating-point weights in ${name}, got ${raw.dtype}; dequantize it in Python first, or store its scales as ${name}_scale`,
      );
    }
    return raw.dtype === 'F64' ? raw.data : rawToFloat32(raw);
  },
});

/** The values of a small tensor of any real type, such as a mask or scales. */
export const plainValues = ({ raw, values }: WeightSource): Float32Array | Float64Array =>
  raw !== undefined && INTEGERS.has(raw.dtype) ? rawToFloat32(raw) : values();
