import { brief, corruptFile } from '../limits.js';
import {
  emptyDict,
  isKind,
  type PickleDict,
  type PickleStorage,
  type PickleTensor,
  type PickleTuple,
  type PickleValue,
  type StorageDtype,
} from './pickle-values.js';
import { itemSize, namedDtype, storageDtype } from '../tensors/storage-dtypes.js';

type Rebuild = (args: readonly PickleValue[]) => PickleValue | undefined;

/**
 * The calls that stand for tensors and containers. Each takes its arguments and gives plain data, or `undefined` for arguments that are
 * impossible.
 */
const CALLS: ReadonlyMap<string, Rebuild> = new Map(
  Object.entries<Rebuild>({
    'collections.OrderedDict': ([pairs]) => orderedDict(pairs),
    'collections.defaultdict': () => emptyDict(),
    'torch._utils._rebuild_tensor': (args) => viewOf(args),
    'torch._utils._rebuild_tensor_v2': (args) => viewOf(args, { metadata: args[6] }),
    'torch._utils._rebuild_tensor_v3': (args) => viewOf(args, { dtype: args[6], metadata: args[7] }),
    'torch._utils._rebuild_qtensor': ([storage, offset, shape, strides, quantizer]) =>
      quantized([storage!, offset!, shape!, strides!], quantizer),
    'torch._utils._rebuild_parameter': ([tensor]) => tensorLike(tensor),
    'torch._utils._rebuild_parameter_with_state': ([tensor]) => tensorLike(tensor),
    'torch.nn.parameter.Parameter': ([tensor]) => tensorLike(tensor),
    'torch.nn.parameter.Buffer': ([tensor]) => tensorLike(tensor),
    'torch._utils._rebuild_device_tensor_from_cpu_tensor': ([tensor]) => tensorLike(tensor),
    'torch._tensor._rebuild_from_type': (args) => rebuiltFromType(args),
    'torch._tensor._rebuild_from_type_v2': (args) => rebuiltFromType(args),
    'torch._utils._rebuild_sparse_tensor': () => absent('a sparse tensor'),
    'torch._utils._rebuild_sparse_csr_tensor': () => absent('a sparse tensor'),
    'torch._utils._rebuild_nested_tensor': () => absent('a nested tensor'),
    'torch._utils._rebuild_meta_tensor_no_storage': () => absent('a meta tensor, which has no values'),
    'torch._utils._rebuild_wrapper_subclass': ([type]) =>
      absent(`a tensor of the class ${isKind(type, 'global') ? brief(type.name) : 'of another library'}`),
    'torch._utils._rebuild_device_tensor_from_numpy': () => absent('a tensor that holds a NumPy array'),
    'numpy.core.multiarray._reconstruct': () => absent('a NumPy array'),
    'numpy._core.multiarray._reconstruct': () => absent('a NumPy array'),
  }),
);

const absent = (what: string): PickleValue => ({ kind: 'absent', what });

/** REDUCE: the value that a call stands for, or an opaque object if the call is not about tensors. Nothing is called. */
export function callGlobal(callable: PickleValue, args: readonly PickleValue[]): PickleValue {
  if (!isKind(callable, 'global')) return newObject(callable, args);
  const rebuild = CALLS.get(callable.name);
  if (rebuild === undefined) return newObject(callable, args);
  const result = rebuild(args);
  if (result === undefined) throw corruptFile(`expected arguments that ${callable.name} takes, got others`);
  return result;
}

/** NEWOBJ: an object of a class, of which only the parts are kept. */
export function newObject(type: PickleValue, args: readonly PickleValue[]): PickleValue {
  const name = isKind(type, 'global') ? type.name : 'an object';
  if (name === 'collections.OrderedDict') return emptyDict();
  if (/^torch\.nn\.parameter\.(Parameter|Buffer)$/.test(name) && args.length > 0) return tensorLike(args[0]) ?? absent('a parameter');
  return { kind: 'object', name, parts: [...args], entries: new Map(), state: undefined };
}

/** The persistent id of a storage: `('storage', type, key, location, length[, view])`. */
export function persistentStorage(id: PickleValue): PickleValue {
  const items = isKind(id, 'tuple') ? id.items : [];
  const [tag, type, key, , length, view] = items;
  if (tag === 'module') return items[1] ?? null; // a class with its source code, which is never run
  const dtype = isKind(type, 'global') ? storageDtype(type.name) : undefined;
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
  if (tag !== 'storage' || name === undefined || typeof length !== 'number') {
    throw corruptFile('expected the persistent id of a storage, got another');
  }
  if (dtype === undefined) return absent(`a tensor in a ${isKind(type, 'global') ? brief(type.name) : 'storage without a class'}`);
  const [, from = 0, size = length] = isKind(view, 'tuple') ? view.items : [];
  if (typeof from !== 'number' || typeof size !== 'number') throw corruptFile('expected a view of a storage, got something else');
  return { kind: 'storage', dtype, key: name, length, from, size };
}

/** Keys and values in turn. */
export function dictOf(pairs: readonly PickleValue[]): PickleDict {
  if (pairs.length % 2 !== 0) throw corruptFile('expected pairs for a dict, got an odd number of values');
  const dict = emptyDict();
  for (let i = 0; i < pairs.length; i += 2) dict.entries.set(pairs[i]!, pairs[i + 1]!);
  return dict;
}

/** Python 2 pickles an OrderedDict with its pairs. */
function orderedDict(pairs: PickleValue | undefined): PickleValue | undefined {
  if (pairs === undefined) return emptyDict();
  if (!isKind(pairs, 'list') && !isKind(pairs, 'tuple')) return undefined;
  const all = pairs.items.map((pair) => (isKind(pair, 'list') || isKind(pair, 'tuple') ? pair.items : []));
  return all.every(({ length }) => length === 2) ? dictOf(all.flat()) : undefined;
}

const tensorLike = (value: PickleValue | undefined): PickleValue | undefined =>
  isKind(value, 'tensor') || isKind(value, 'absent') ? value : undefined;

/**
 * `_rebuild_from_type_v2(function, class, arguments, state)`: the value that the function would have made, without its Python attributes.
 */
function rebuiltFromType([rebuild, , args]: readonly PickleValue[]): PickleValue | undefined {
  if (!isKind(rebuild, 'global') || !isKind(args, 'tuple')) return undefined;
  return tensorLike(callGlobal(rebuild, args.items)) ?? absent(`a tensor made by ${brief(rebuild.name)}`);
}

interface ViewOptions {
  readonly dtype?: PickleValue | undefined;
  readonly metadata?: PickleValue | undefined;
}

/** `(storage, offset, shape, strides, …)` */
function viewOf(args: readonly PickleValue[], { dtype, metadata }: ViewOptions = {}): PickleTensor | PickleValue | undefined {
  const [storage, offset, shape, strides] = args;
  if (isKind(storage, 'absent')) return storage;
  if (!isKind(storage, 'storage') || typeof offset !== 'number') return undefined;
  const [sizes, steps] = [numbersOf(shape), numbersOf(strides)];
  if (sizes === undefined || steps === undefined) return undefined;
  const flag = (name: string) => isKind(metadata, 'dict') && metadata.entries.get(name) === true;
  const own = isKind(dtype, 'global') ? namedDtype(dtype.name) : storage.dtype;
  return {
    ...{ kind: 'tensor', storage: inElementsOf(storage, own), dtype: own, offset, shape: sizes, strides: steps },
    ...{ negated: flag('neg'), conjugated: flag('conj') },
  };
}

/** A storage of bytes seen as one of larger elements. */
function inElementsOf(storage: PickleStorage, dtype: StorageDtype): PickleStorage {
  const factor = itemSize(dtype) / itemSize(storage.dtype);
  if (factor === 1) return { ...storage, dtype };
  return { ...storage, dtype, length: storage.length / factor, from: storage.from / factor, size: Math.floor(storage.size / factor) };
}

/** A quantizer is `(scheme, scale, zero point)`, or per channel `(scheme, scales, zero points, axis)`, which are tensors. */
function quantized(view: readonly PickleValue[], quantizer: PickleValue | undefined): PickleValue | undefined {
  const tensor = viewOf(view);
  const [, scale, zeroPoint] = isKind(quantizer, 'tuple') ? quantizer.items : [];
  if (!isKind(tensor, 'tensor')) return tensor;
  if (typeof scale !== 'number' || typeof zeroPoint !== 'number') return absent('a tensor quantized per channel');
  return { ...tensor, quantized: { scale, zeroPoint } };
}

/** A tuple of sizes, or a torch.Size of one. */
function numbersOf(value: PickleValue | undefined): readonly number[] | undefined {
  const tuple = isKind(value, 'object') && value.name === 'torch.Size' ? value.parts[0] : value;
  return isNumbers(tuple) ? tuple.items : undefined;
}

const isNumbers = (value: PickleValue | undefined): value is PickleTuple & { readonly items: readonly number[] } =>
  (isKind(value, 'tuple') || isKind(value, 'list')) && value.items.every((item) => typeof item === 'number');
