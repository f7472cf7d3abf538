import { NetSpaceError } from '@netspace/prep';
import type { PickleDict, PickleGlobal, PickleStorage, PickleTensor, PickleTuple, PickleValue } from './pickle-values.js';
import type { RawTensorDtype } from '../raw-tensor.js';

const STORAGE_DTYPES = new Map<string, RawTensorDtype>(
  Object.entries({
    FloatStorage: 'F32',
    HalfStorage: 'F16',
    BFloat16Storage: 'BF16',
    DoubleStorage: 'F64',
    LongStorage: 'I64',
    IntStorage: 'I32',
    ShortStorage: 'I16',
    CharStorage: 'I8',
    ByteStorage: 'U8',
    BoolStorage: 'BOOL',
  }),
);

const storageDtype = (name: string): RawTensorDtype | undefined => STORAGE_DTYPES.get(name.replace(/^torch\.(cuda\.)?/, ''));

/** Only these can be called; each takes its arguments and returns plain data. */
const CALLABLES = new Map<string, (args: readonly PickleValue[]) => PickleValue | undefined>([
  ['collections.OrderedDict', (args) => (args.length === 0 ? emptyDict() : undefined)],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([tensor]) => (isKind(tensor, 'tensor') ? tensor : undefined)],
]);

/** Looks a global up among the allowed ones. */
export function allowedGlobal(module: string, name: string): PickleGlobal {
  const path = `${module}.${name}`;
  if (!CALLABLES.has(path) && storageDtype(path) === undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readPyTorchCheckpoint: expected tensors and plain containers only, got a reference to ${path}, which is code; save the state dict alone, torch.save(model.state_dict(), path)`,
    );
  }
  return { kind: 'global', name: path };
}

/** REDUCE: calls an allowed global. */
export function callGlobal(callable: PickleValue, args: PickleValue): PickleValue {
  const name = isKind(callable, 'global') ? callable.name : 'something that is no function';
  const result = isKind(args, 'tuple') ? CALLABLES.get(name)?.(args.items) : undefined;
  if (result === undefined) throw corruptPickle(`expected arguments that ${name} takes, got others`);
  return result;
}

/** BINPERSID: `('storage', type, key, location, length)`. */
export function persistentStorage(id: PickleValue): PickleStorage {
  const [tag, type, key, , length] = isKind(id, 'tuple') ? id.items : [];
  const dtype = isKind(type, 'global') ? storageDtype(type.name) : undefined;
  if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || typeof length !== 'number') {
    throw corruptPickle('expected the persistent id of a storage, got another');
  }
  return { kind: 'storage', dtype, key, length };
}

export const emptyDict = (): PickleDict => ({ kind: 'dict', entries: new Map() });

export const corruptPickle = (message: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readPyTorchCheckpoint: ${message}; the file is damaged or no checkpoint`);

type Kinds = Extract<PickleValue, { readonly kind: string }>;

export const isKind = <Kind extends Kinds['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<Kinds, { readonly kind: Kind }> => typeof value === 'object' && value !== null && value.kind === kind;

/** `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)` */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): PickleTensor | undefined {
  if (!isKind(storage, 'storage') || typeof offset !== 'number' || !isNumbers(shape) || !isNumbers(strides)) return undefined;
  return { kind: 'tensor', storage, offset, shape: shape.items, strides: strides.items };
}

const isNumbers = (value: PickleValue | undefined): value is PickleTuple & { readonly items: readonly number[] } =>
  isKind(value, 'tuple') && value.items.every((item) => typeof item === 'number');
