import { isNetSpaceError } from '@netspace/prep';
import { CommanderError, type OutputConfiguration } from 'commander';

import { alreadyReported } from './already-reported.js';
import { calledAs } from './called.js';
import { printable } from './output/printable.js';
import { errorText } from './error-text.js';
import { createProgram } from './program.js';

/** What the process ends with. */
export const EXIT_CODES = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Where a command line writes. */
export type CliOutput = Required<Pick<OutputConfiguration, 'writeOut' | 'writeErr'>>;

const standardOutput: CliOutput = {
  writeOut: (text) => void process.stdout.write(text),
  writeErr: (text) => void process.stderr.write(text),
};

/**
 * Runs one command line; never throws. Errors are one line on stderr, and one that says where they are explained; `--debug` adds their stack.
 * With `--json` they are also the one JSON document on stdout, `{ error: { code, message, help } }`, where `help` is the address of the site's
 * entry, if the site has one.
 *
 * @param args without `node` and the script
 * @param to instead of the process's own; progress bars go to stderr in any case
 * @returns the exit code: 0 success, 1 failure, 2 wrong usage, 130 interrupted
 */
export async function runCli(args: readonly string[], to: CliOutput = standardOutput): Promise<number> {
  // Everything that is printed passes here: results, notes, errors, and what commander says.
  const output: CliOutput = { writeOut: (text) => to.writeOut(printable(text)), writeErr: (text) => to.writeErr(printable(text)) };
  try {
    await createProgram(output, calledAs()).parseAsync([...args], { from: 'user' });
    return EXIT_CODES.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.success : EXIT_CODES.usage; // commander has said what
    if (error === alreadyReported) return EXIT_CODES.failure;
    report(error, args, output);
    return isNetSpaceError(error) && error.code === 'ABORTED' ? EXIT_CODES.interrupted : EXIT_CODES.failure;
  }
}

function report(error: unknown, args: readonly string[], { writeOut, writeErr }: CliOutput): void {
  const { json, text } = errorText(error, { debug: args.includes('--debug') });
  if (args.includes('--json')) writeOut(`${json}\n`);
  writeErr(text);
}
