import type { Precision } from '@netspace/kernels';
import { NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import type { Command } from 'commander';

import { respawnForSpeed } from '../runtime/process/respawn.js';
import { selectRuntime, type SelectedRuntime } from '../runtime/select-runtime.js';
import { installedTfjsNodes } from '../runtime/tensorflow/tfjs-node-places.js';
import { isPrecision, isRuntimeName, type RuntimeName } from '../runtime/runtime.js';
import { printable } from './output/printable.js';
import { makeProgress, type Progress, type ProgressStyle } from '../runs/progress.js';

/** What every command is given beside its own options. */
export interface CommandContext {
  /** How the command was called, for messages that say what to type: `netspace` or `npx netspace`. */
  readonly netspace: string;
  readonly json: boolean;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP; a second one, a quarter of a second later, ends the process at once. */
  readonly signal: AbortSignal;
  /** Lets signals in and stops with `ABORTED` if one came; commands without a loop of their own call it between their steps. */
  throwIfStopped(): Promise<void>;
  /** Prints the command's result on stdout: the value with `--json`, else the text. */
  print(value: unknown, text: () => string): void;
  /** Says something on stderr. */
  note(line: string): void;
  /** A progress bar on stderr, lines where that is no terminal; see `ProgressStyle`. */
  progress(label: string, total: number, style?: Pick<ProgressStyle, 'as'>): Progress;
  /**
   * Starts the runtime; call it before any tensor is made.
   *
   * @param otherwise the runtime and the precision if the user names none, in place of the fastest and of float32
   */
  startRuntime(otherwise?: { readonly runtime?: string | undefined; readonly precision?: string | undefined }): Promise<SelectedRuntime>;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly runtime?: RuntimeName;
  readonly precision?: Precision;
}

/**
 * Wraps a command's function for commander: gives it its arguments and the context.
 *
 * @param run gets the positional arguments, the command (`command.opts<Options>()`) and the context
 */
export function action(
  run: (call: { readonly args: readonly string[]; readonly command: Command; readonly context: CommandContext }) => Promise<void>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command; // commander passes the arguments, the options, and the command
    const { json = false, quiet = false, runtime, precision } = command.optsWithGlobals<GlobalOptions>();
    const output = command.configureOutput();
    let showsBar = false;
    const note = (line: string) => {
      if (quiet) return;
      if (showsBar && process.stderr.isTTY) process.stderr.write('\r\u001B[K'); // over the bar, which is drawn anew below
      output.writeErr?.(`${line}\n`);
    };
    let isOnlyParent = false; // of the process that does the work, and says itself that it stops
    const { signal, release } = interruptSignal({
      isForwarded: () => isOnlyParent,
      tell: () => note('stopping after the work in progress; Ctrl-C once more ends it at once'),
    });
    const context: CommandContext = {
      netspace: rootOf(command).name(),
      json,
      signal,
      async throwIfStopped() {
        await nextTask();
        if (signal.aborted)
          throw new NetSpaceError('ABORTED', `${command.name()}: stopped by a signal before it was done; nothing is left behind`);
      },
      note,
      print: (value, text) => output.writeOut?.(`${json ? JSON.stringify(value) : text()}\n`),
      progress(label, total, style) {
        const progress = makeProgress(label, total, { quiet, ...style });
        showsBar = true;
        return {
          update: (done, text) => progress.update(done, text === undefined ? undefined : printable(text)),
          stop() {
            showsBar = false;
            progress.stop();
          },
        };
      },
      async startRuntime(otherwise = {}) {
        const { runtime: other = '' } = otherwise;
        const prefer = runtime ?? (isRuntimeName(other) ? other : undefined);
        // Before TensorFlow's library is loaded: it takes seconds, and says on stderr what nobody asked for.
        isOnlyParent = true;
        if (mayBeTensorflow(prefer ?? process.env['NETSPACE_RUNTIME'])) await respawnForSpeed();
        isOnlyParent = false;
        const selected = await selectRuntime({
          prefer,
          precision: precision ?? (isPrecision(otherwise.precision) ? otherwise.precision : undefined),
        });
        note(`runtime: ${selected.name} (${selected.device})${selected.precision === 'float32' ? '' : `, ${selected.precision}`}`);
        return selected;
      },
    };
    try {
      await run({ args: command.args, command, context });
    } finally {
      release();
    }
  };
}

/** The command that all others belong to. */
export const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

/** Whether TensorFlow's library is there and is not ruled out by a name. */
const mayBeTensorflow = (name: string | undefined): boolean =>
  (name === undefined || name === '' || name.startsWith('tensorflow')) &&
  (['cpu', 'gpu'] as const).some((kind) => installedTfjsNodes(kind).some(({ hasAddon }) => hasAddon));

/** Signals within this time of the first are taken for copies of it, in milliseconds. */
const TOGETHER_MS = 250;

interface Interruption {
  /** Whether another process does the work, to which signals are sent on. */
  readonly isForwarded: () => boolean;
  readonly tell: () => void;
}

/** A terminal that is closed refuses every word, even before its signal comes, as to a progress bar: that must not end the work. */
const ignoreClosedTerminal = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EIO') throw error;
};

function interruptSignal({ isForwarded, tell }: Interruption): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(ignoreClosedTerminal)) stream.on('error', ignoreClosedTerminal);
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const release = () => names.forEach((name) => process.off(name, onSignal));
  const onSignal = (name: NodeJS.Signals) => {
    if (isForwarded()) return;
    // What it is piped to may be gone with the terminal; the work is to be saved all the same.
    // The system tells of its end again when the shell ends too, which is nobody's second Ctrl-C.
    if (name === 'SIGHUP') {
      for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => undefined);
      process.on('SIGHUP', () => undefined);
    }
    // npx, timeout and our own respawn send a signal on to a process that has got it already. Those that come at once are one.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TOGETHER_MS);
    // The system ends the process at the second signal, even in the middle of a long computation, where no listener would be called.
    release();
    tell();
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  return { signal: controller.signal, release };
}
