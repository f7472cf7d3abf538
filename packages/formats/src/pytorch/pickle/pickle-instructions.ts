import { brief, corruptFile } from '../limits.js';
import { callGlobal, dictOf, newObject } from './pickle-globals.js';
import { decimal, type PickleReader } from './pickle-reader.js';
import { pop, popMany, popToMark, top } from './pickle-stack.js';
import { quoted, unescaped } from './pickle-text.js';
import { emptyDict, isKind, type PickleMachine, type PickleValue } from './pickle-values.js';

type Instruction = (machine: PickleMachine, reader: PickleReader) => void;

/** Instructions that push a value of the program. */
const CONSTANTS: Record<string, (reader: PickleReader) => PickleValue> = {
  N: () => null,
  '\x88': () => true,
  '\x89': () => false,
  I: (r) => decimal(r.line()),
  L: (r) => decimal(r.line()),
  F: (r) => Number(r.line()),
  K: (r) => r.uint8(),
  M: (r) => r.uint16(),
  J: (r) => r.int32(),
  G: (r) => r.float64(),
  '\x8a': (r) => r.long(r.uint8()),
  '\x8b': (r) => r.long(r.uint32()),
  S: (r) => quoted(r.oldLine()),
  V: (r) => unescaped(r.oldLine()),
  T: (r) => r.oldText(r.uint32()),
  U: (r) => r.oldText(r.uint8()),
  X: (r) => r.text(r.uint32()),
  '\x8c': (r) => r.text(r.uint8()),
  '\x8d': (r) => r.text(r.uint64()),
  B: (r) => bytesValue(r.bytes(r.uint32())),
  C: (r) => bytesValue(r.bytes(r.uint8())),
  '\x8e': (r) => bytesValue(r.bytes(r.uint64())),
  '\x96': (r) => bytesValue(r.bytes(r.uint64())),
  ')': () => ({ kind: 'tuple', items: [] }),
  ']': () => ({ kind: 'list', items: [] }),
  '\x8f': () => ({ kind: 'list', items: [] }),
  '}': emptyDict,
  c: (r) => ({ kind: 'global', name: `${r.line()}.${r.line()}` }),
};

/** Instructions that work on the stack and the memory. */
const ACTIONS: Record<string, Instruction> = {
  '\x80': (_, r) => checkProtocol(r.uint8()),
  '\x95': (_, r) => void r.uint64(), // a frame; its length is not needed
  '(': (m) => void m.marks.push(m.stack.length),
  '0': ({ stack, marks }) => {
    if (stack.length > (marks.at(-1) ?? 0)) stack.pop();
    else marks.pop();
  },
  '1': (m) => void popToMark(m),
  '2': (m) => void m.stack.push(top(m)),
  '\x85': (m) => void m.stack.push({ kind: 'tuple', items: popMany(m, 1) }),
  '\x86': (m) => void m.stack.push({ kind: 'tuple', items: popMany(m, 2) }),
  '\x87': (m) => void m.stack.push({ kind: 'tuple', items: popMany(m, 3) }),
  t: (m) => void m.stack.push({ kind: 'tuple', items: popToMark(m) }),
  l: (m) => void m.stack.push({ kind: 'list', items: popToMark(m) }),
  '\x91': (m) => void m.stack.push({ kind: 'list', items: popToMark(m) }), // frozenset
  d: (m) => void m.stack.push(dictOf(popToMark(m))),
  a: (m) => append(m, [pop(m)]),
  e: (m) => append(m, popToMark(m)),
  '\x90': (m) => append(m, popToMark(m)),
  s: (m) => setItems(m, popMany(m, 2)),
  u: (m) => setItems(m, popToMark(m)),
  p: (m, r) => void m.memo.set(Number(r.line()), top(m)),
  q: (m, r) => void m.memo.set(r.uint8(), top(m)),
  r: (m, r) => void m.memo.set(r.uint32(), top(m)),
  '\x94': (m) => void m.memo.set(m.memo.size, top(m)),
  g: (m, r) => recall(m, Number(r.line())),
  h: (m, r) => recall(m, r.uint8()),
  j: (m, r) => recall(m, r.uint32()),
  '\x93': (m) => {
    const [module, name] = popMany(m, 2);
    if (typeof module !== 'string' || typeof name !== 'string') throw corruptFile('expected a module and a name, got something else');
    m.stack.push({ kind: 'global', name: `${module}.${name}` });
  },
  P: (m, r) => void m.stack.push(m.persistent(r.line())),
  Q: (m) => void m.stack.push(m.persistent(pop(m))),
  R: (m) => {
    const [callable, args] = popMany(m, 2);
    m.stack.push(callGlobal(callable!, itemsOf(args!)));
  },
  '\x81': (m) => {
    const [type, args] = popMany(m, 2);
    m.stack.push(newObject(type!, itemsOf(args!)));
  },
  '\x92': (m) => {
    const [type, args, named] = popMany(m, 3);
    m.stack.push(newObject(type!, [...itemsOf(args!), named!]));
  },
  o: (m) => {
    const [type, ...args] = popToMark(m);
    if (type === undefined) throw corruptFile('expected a class on the stack of data.pkl, got none');
    m.stack.push(newObject(type, args));
  },
  i: (m, r) => {
    const type: PickleValue = { kind: 'global', name: `${r.line()}.${r.line()}` };
    m.stack.push(newObject(type, popToMark(m)));
  },
  // BUILD gives an object its attributes. Those of a state dict or of a parameter are no part of the weights.
  b: (m) => {
    const state = pop(m);
    const target = top(m);
    if (isKind(target, 'object')) target.state = state;
  },
  '\x97': (m) => void m.persistent('a buffer outside the file'),
  '\x98': () => undefined,
};

export const INSTRUCTIONS: ReadonlyMap<number, Instruction> = new Map([
  ...Object.entries(CONSTANTS).map(([char, value]): [number, Instruction] => [char.charCodeAt(0), (m, r) => void m.stack.push(value(r))]),
  ...Object.entries(ACTIONS).map(([char, run]): [number, Instruction] => [char.charCodeAt(0), run]),
]);

const bytesValue = (bytes: Uint8Array): PickleValue => ({ kind: 'bytes', bytes });

const checkProtocol = (version: number): void => {
  if (version > 5) throw corruptFile(`expected pickle protocol 0 to 5, got ${version}`);
};

const itemsOf = (args: PickleValue): readonly PickleValue[] => {
  if (!isKind(args, 'tuple')) throw corruptFile('expected arguments as a tuple, got something else');
  return args.items;
};

const append = (machine: PickleMachine, items: readonly PickleValue[]): void => {
  const list = top(machine);
  const target = isKind(list, 'list') ? list.items : isKind(list, 'object') ? list.parts : undefined;
  if (target === undefined) throw corruptFile('expected a list to append to, got something else');
  for (const item of items) target.push(item);
};

const setItems = (machine: PickleMachine, pairs: readonly PickleValue[]): void => {
  const dict = top(machine);
  if (!(isKind(dict, 'dict') || isKind(dict, 'object')) || pairs.length % 2 !== 0) {
    throw corruptFile('expected a dict and pairs for it, got something else');
  }
  for (let i = 0; i < pairs.length; i += 2) dict.entries.set(pairs[i]!, pairs[i + 1]!);
};

const recall = ({ stack, memo }: PickleMachine, index: number): void => {
  const value = memo.get(index);
  if (value === undefined) throw corruptFile(`expected a remembered value ${brief(String(index))}, got none`);
  stack.push(value);
};
