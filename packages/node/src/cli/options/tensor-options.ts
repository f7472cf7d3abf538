import type { InstanceFromTensorsOptions } from '@netspace/formats';
import { type Command, InvalidArgumentError } from 'commander';

import { numberOption } from './number-option.js';

/** The options of every command that reads networks from files. */
export interface TensorOptions {
  readonly rename?: readonly (readonly [from: string, to: string])[];
  readonly ignore?: readonly string[];
  readonly prefix?: string;
  readonly epsilon?: number;
}

/** Adds `--rename`, `--ignore` and `--prefix` to a command. */
export const addTensorOptions = (command: Command): Command =>
  command
    .option(
      '--rename <from=to...>',
      "new names for a file's tensors; * stands for any characters: 'classifier.*=fc.*', 'backbone.='",
      (text: string, before: readonly (readonly [string, string])[] | undefined) => [...(before ?? []), renameRule(text)],
    )
    .option('--ignore <name...>', "tensors that may be left over; * stands for any characters: 'head.*'")
    .option('--prefix <text>', "prefix of the parameters' names, if a file has several networks: 'ema.'")
    .option('--epsilon <number>', "what the networks' batch norms add to their variance, if an exporter folded them", numberOption);

/** What the readers of `@netspace/formats` are to be told. */
export const readingOptions = ({ rename, ignore, prefix, epsilon }: TensorOptions): InstanceFromTensorsOptions => ({
  ...(rename !== undefined && { rename }),
  ...(ignore !== undefined && { ignore }),
  ...(prefix !== undefined && { prefix }),
  ...(epsilon !== undefined && { epsilon }),
});

function renameRule(text: string): readonly [from: string, to: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`expected FROM=TO, got '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}
