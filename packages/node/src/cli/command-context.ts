import type { Command } from 'commander';

import { respawnForSpeed } from '../runtime/respawn.js';
import { selectRuntime, type SelectedRuntime } from '../runtime/select-runtime.js';
import { type RuntimeName } from '../runtime/runtime.js';
import { makeProgress, type Progress } from '../runs/progress.js';

/** What every command is given beside its own options. */
export interface CommandContext {
  readonly json: boolean;
  /** Aborted by Ctrl-C or SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Prints the command's result on stdout: the value with `--json`, else the text. */
  print(value: unknown, text: () => string): void;
  /** Says something on stderr. */
  note(line: string): void;
  /** A progress bar on stderr, lines where that is no terminal. */
  progress(label: string, total: number): Progress;
  /** Starts the runtime; call it before any tensor is made. */
  startRuntime(): Promise<SelectedRuntime>;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly runtime?: RuntimeName;
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
    const { json = false, quiet = false, runtime } = command.optsWithGlobals<GlobalOptions>();
    const { signal, release } = interruptSignal();
    const output = command.configureOutput();
    const note = (line: string) => {
      if (!quiet) output.writeErr?.(`${line}\n`);
    };
    const context: CommandContext = {
      json,
      signal,
      note,
      print: (value, text) => output.writeOut?.(`${json ? JSON.stringify(value) : text()}\n`),
      progress: (label, total) => makeProgress(label, total, { quiet }),
      async startRuntime() {
        const selected = await selectRuntime({ prefer: runtime });
        if (selected.name.startsWith('tensorflow')) await respawnForSpeed({ NETSPACE_RUNTIME: selected.name });
        note(`runtime: ${selected.name} (${selected.device})`);
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

function interruptSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, onSignal);
  return { signal: controller.signal, release: () => names.forEach((name) => process.off(name, onSignal)) };
}
