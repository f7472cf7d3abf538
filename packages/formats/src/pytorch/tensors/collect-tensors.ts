import { NetSpaceError } from '@netspace/prep';
import { brief, limitExceeded, type PyTorchLimits } from '../limits.js';
import { isKind, type PickleObject, type PickleTensor, type PickleValue } from '../pickle/pickle-values.js';

/** The contents of a checkpoint by name; names are joined by dots. */
export interface Collected {
  readonly tensors: ReadonlyMap<string, PickleTensor>;
  /** For each tensor the name of the dict or module that holds it. */
  readonly containers: ReadonlyMap<string, string>;
  /** Tensors that cannot be read, and why. */
  readonly leftAside: ReadonlyMap<string, string>;
}

/**
 * Walks dicts, lists, tuples and objects. A module's parameters, buffers and modules are named as in its state dict.
 *
 * A container that contains itself is entered once. A container without tensors is not entered again, however often it is shared.
 */
export function collectTensors(root: PickleValue, limits: PyTorchLimits): Collected {
  const tensors = new Map<string, PickleTensor>();
  const containers = new Map<string, string>();
  const leftAside = new Map<string, string>();
  const code = new Set<string>();
  const open = new Set<PickleValue>();
  const barren = new Set<PickleValue>();
  let [values, characters] = [0, 0];

  const count = (): number => tensors.size + leftAside.size;
  const nameFor = (path: string, key: string): string => {
    const wanted = path === '' ? key : `${path}.${key}`;
    characters += wanted.length;
    if (characters > limits.nameCharacters) throw limitExceeded('nameCharacters', limits.nameCharacters, characters);
    return wanted;
  };
  const keep = (value: PickleValue, name: string, container: string): void => {
    if (count() === limits.tensors) throw limitExceeded('tensors', limits.tensors, count() + 1);
    let unique = name === '' ? 'tensor' : name;
    for (let i = 2; tensors.has(unique) || leftAside.has(unique); i++) unique = `${name}#${i}`; // the keys 1 and "1" of one dict
    if (isKind(value, 'absent')) leftAside.set(unique, value.what);
    else if (isKind(value, 'tensor')) {
      tensors.set(unique, value);
      containers.set(unique, container);
    }
  };
  const enter = (value: PickleValue, path: string, container: string, home?: string): void => {
    if (isKind(value, 'tensor') || isKind(value, 'absent')) keep(value, path, container);
    else if (typeof value === 'object' && value !== null && !open.has(value) && !barren.has(value)) {
      if (open.size >= limits.depth) throw limitExceeded('depth', limits.depth, open.size + 1);
      const before = count();
      open.add(value);
      visit(value, path, home);
      open.delete(value);
      if (count() === before) barren.add(value);
    }
  };
  const visitAll = (pairs: Iterable<readonly [PickleValue, PickleValue]>, path: string, container: string, home?: string): void => {
    for (const [key, item] of pairs) {
      if (++values > limits.values) throw limitExceeded('values', limits.values, values);
      if (typeof item === 'object' && item !== null) enter(item, nameFor(path, keyText(key)), container, home);
    }
  };
  const visit = (value: PickleValue, path: string, home: string | undefined): void => {
    if (isKind(value, 'dict')) visitAll(value.entries, path, path);
    else if (isKind(value, 'list') || isKind(value, 'tuple')) visitAll(value.items.entries(), path, path);
    else if (isKind(value, 'global')) note(value.name);
    else if (isKind(value, 'object')) {
      note(value.name);
      const module = moduleParts(value);
      if (module !== undefined) {
        const state = home ?? path; // together with the modules around it, it is one state dict
        for (const part of module) visitAll(part, path, state, state);
        return;
      }
      visitAll(value.parts.entries(), path, path);
      visitAll(value.entries, path, path);
      if (value.state !== undefined) enter(value.state, path, path);
    }
  };
  const note = (name: string): void => {
    if (code.size < 3) code.add(brief(name));
  };
  enter(root, '', '');
  if (count() === 0 && code.size > 0) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readPyTorchCheckpoint: expected tensors, got only references to ${[...code].join(', ')}, which is code; save the state dict, torch.save(model.state_dict(), path)`,
    );
  }
  return { tensors, containers, leftAside };
}

/** The parameters, buffers that its state dict keeps, and modules of a pickled `torch.nn.Module`; `undefined` for any other object. */
function moduleParts({ state }: PickleObject): readonly ReadonlyMap<PickleValue, PickleValue>[] | undefined {
  if (!isKind(state, 'dict')) return undefined;
  const part = (name: string): ReadonlyMap<PickleValue, PickleValue> => {
    const value = state.entries.get(name);
    return isKind(value, 'dict') ? value.entries : new Map<PickleValue, PickleValue>();
  };
  if (!isKind(state.entries.get('_parameters'), 'dict')) return undefined;
  const dropped = state.entries.get('_non_persistent_buffers_set');
  const names = new Set(isKind(dropped, 'list') ? dropped.items : isKind(dropped, 'object') ? setItems(dropped) : []);
  const buffers = new Map([...part('_buffers')].filter(([name]) => !names.has(name)));
  return [part('_parameters'), buffers, part('_modules')];
}

/** Python 2 and protocol 2 make a set by calling `set` with a list. */
const setItems = ({ parts: [items] }: PickleObject): readonly PickleValue[] => (isKind(items, 'list') ? items.items : []);

/** A key of a dict as part of a name, as Python prints it. */
function keyText(key: PickleValue): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'None';
  if (typeof key === 'boolean') return key ? 'True' : 'False';
  if (typeof key !== 'object') return String(key);
  if (isKind(key, 'bytes')) return brief(String.fromCharCode(...key.bytes.subarray(0, 200)));
  if (isKind(key, 'global') || isKind(key, 'object')) return brief(key.name);
  if (isKind(key, 'tuple'))
    return `(${key.items
      .slice(0, 8)
      .map((item) => (isKind(item, 'tuple') ? '…' : brief(keyText(item))))
      .join(', ')})`;
  return `a ${key.kind}`;
}
