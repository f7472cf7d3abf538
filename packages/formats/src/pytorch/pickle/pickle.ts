import { NetSpaceError } from '@netspace/prep';
import { corruptFile, limitExceeded, type PyTorchLimits } from '../limits.js';

import { INSTRUCTIONS } from './pickle-instructions.js';
import type { PickleReader } from './pickle-reader.js';
import { type PickleMachine, type PickleValue } from './pickle-values.js';
import { pop } from './pickle-stack.js';

const STOP = 0x2e;
const EMPTY_DICT = 0x7d;
const NEW_DICT_COST = 8; // a Map takes the memory of several other values

/**
 * Runs one pickle, of protocol 0 to 5, on a machine that calls nothing. Tensors become descriptions, containers become plain data, and
 * every other object becomes the list of its parts. So no file can run code.
 *
 * @param persistent gives the meaning of an id that stands for something outside the pickle
 * @param spend counts the instructions of all pickles of a file
 * @see https://docs.python.org/3/library/pickletools.html
 */
export function runPickle(
  reader: PickleReader,
  persistent: (id: PickleValue) => PickleValue,
  limits: Pick<PyTorchLimits, 'stack'>,
  spend: (operations: number) => void,
): PickleValue {
  const machine: PickleMachine = { stack: [], marks: [], memo: new Map(), persistent };
  for (;;) {
    const code = reader.uint8();
    if (code === STOP) return pop(machine);
    spend(code === EMPTY_DICT ? NEW_DICT_COST : 1);
    const height = machine.stack.length + machine.marks.length;
    if (height > limits.stack) throw limitExceeded('stack', limits.stack, height);
    const run = INSTRUCTIONS.get(code);
    if (run === undefined) throw unknownInstruction(code, reader.position);
    run(machine, reader);
  }
}

function unknownInstruction(code: number, position: number): NetSpaceError {
  const hex = `0x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0x82 && code <= 0x84) {
    return new NetSpaceError(
      'UNSUPPORTED',
      `readPyTorchCheckpoint: expected names of classes, got opcode ${hex}, a number that only the writer's own registry explains; save with torch.save(model.state_dict(), path)`,
    );
  }
  return corruptFile(`expected a pickle instruction at byte ${position - 1}, got opcode ${hex}`);
}
