import { NetSpaceError } from '@netspace/prep';
import { allowedGlobal, callGlobal, corruptPickle, emptyDict, isKind, persistentStorage } from './pickle-globals.js';
import { pickleReader, type PickleReader } from './pickle-reader.js';
import type { PickleMachine, PickleValue } from './pickle-values.js';

const STOP = 0x2e;

/**
 * Runs a checkpoint's pickle on a machine that has only the instructions that `torch.save` writes (protocol 2) and calls
 * only the globals that rebuild tensors; everything else is refused by name, so no file can run code.
 *
 * @see https://docs.python.org/3/library/pickletools.html
 */
export function runPickle(program: Uint8Array): PickleValue {
  const reader = pickleReader(program);
  const machine: PickleMachine = { stack: [], marks: [], memo: new Map() };
  for (;;) {
    const code = reader.uint8();
    if (code === STOP) return pop(machine);
    const run = INSTRUCTIONS.get(code);
    if (run === undefined) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `readPyTorchCheckpoint: expected pickle instructions of a state dict, got opcode 0x${code.toString(16).padStart(2, '0')}; save with torch.save and its default protocol`,
      );
    }
    run(machine, reader);
  }
}

const INSTRUCTIONS: ReadonlyMap<number, (machine: PickleMachine, reader: PickleReader) => void> = new Map(
  Object.entries<(machine: PickleMachine, reader: PickleReader) => void>({
    '\x80': (_, r) => checkProtocol(r.uint8()),
    '(': (m) => m.marks.push(m.stack.length),
    N: (m) => m.stack.push(null),
    '\x88': (m) => m.stack.push(true),
    '\x89': (m) => m.stack.push(false),
    K: (m, r) => m.stack.push(r.uint8()),
    M: (m, r) => m.stack.push(r.uint16()),
    J: (m, r) => m.stack.push(r.int32()),
    G: (m, r) => m.stack.push(r.float64()),
    '\x8a': (m, r) => m.stack.push(r.long(r.uint8())),
    X: (m, r) => m.stack.push(r.text(r.uint32())),
    ')': (m) => m.stack.push({ kind: 'tuple', items: [] }),
    '\x85': (m) => pushTuple(m, 1),
    '\x86': (m) => pushTuple(m, 2),
    '\x87': (m) => pushTuple(m, 3),
    t: (m) => m.stack.push({ kind: 'tuple', items: popToMark(m) }),
    ']': (m) => m.stack.push({ kind: 'list', items: [] }),
    a: (m) => append(m, [pop(m)]),
    e: (m) => append(m, popToMark(m)),
    '}': (m) => m.stack.push(emptyDict()),
    s: (m) => setItems(m, popMany(m, 2)),
    u: (m) => setItems(m, popToMark(m)),
    q: (m, r) => m.memo.set(r.uint8(), top(m)),
    r: (m, r) => m.memo.set(r.uint32(), top(m)),
    h: (m, r) => recall(m, r.uint8()),
    j: (m, r) => recall(m, r.uint32()),
    c: (m, r) => m.stack.push(allowedGlobal(r.line(), r.line())),
    Q: (m) => m.stack.push(persistentStorage(pop(m))),
    R: (m) => {
      const args = pop(m);
      m.stack.push(callGlobal(pop(m), args));
    },
    // BUILD gives an object its attributes; a state dict has `_metadata`, which holds no tensors.
    b: (m) => {
      pop(m);
      if (!isKind(top(m), 'dict')) throw corruptPickle('expected attributes of a state dict, got those of something else');
    },
  }).map(([char, run]) => [char.charCodeAt(0), run]),
);

const checkProtocol = (version: number): void => {
  if (version !== 2) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readPyTorchCheckpoint: expected pickle protocol 2, got ${version}; save with torch.save's default protocol`,
    );
  }
};

const top = ({ stack, marks }: PickleMachine): PickleValue => {
  const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
  if (value === undefined) throw corruptPickle('expected a value on the stack of data.pkl, got none');
  return value;
};

const pop = (machine: PickleMachine): PickleValue => {
  const value = top(machine);
  machine.stack.pop();
  return value;
};

const popMany = (machine: PickleMachine, count: number): PickleValue[] => Array.from({ length: count }, () => pop(machine)).reverse();

const popToMark = ({ stack, marks }: PickleMachine): PickleValue[] => {
  const mark = marks.pop();
  if (mark === undefined) throw corruptPickle('expected a mark on the stack of data.pkl, got none');
  return stack.splice(mark);
};

const pushTuple = (machine: PickleMachine, count: number): void => {
  machine.stack.push({ kind: 'tuple', items: popMany(machine, count) });
};

const append = (machine: PickleMachine, items: readonly PickleValue[]): void => {
  const list = top(machine);
  if (!isKind(list, 'list')) throw corruptPickle('expected a list to append to, got something else');
  for (const item of items) list.items.push(item);
};

const setItems = (machine: PickleMachine, pairs: readonly PickleValue[]): void => {
  const dict = top(machine);
  if (!isKind(dict, 'dict') || pairs.length % 2 !== 0) throw corruptPickle('expected a dict and pairs for it, got something else');
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i];
    if (typeof key !== 'string' && typeof key !== 'number')
      throw corruptPickle('expected text or a number as key of a dict, got something else');
    dict.entries.set(key, pairs[i + 1]!);
  }
};

const recall = ({ stack, memo }: PickleMachine, index: number): void => {
  const value = memo.get(index);
  if (value === undefined) throw corruptPickle(`expected a remembered value ${index}, got none`);
  stack.push(value);
};
