import { type ChildProcess, spawn } from 'node:child_process';

/** What asks a process to end and lets it save its work first. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** Set in a child until it has begun to follow its parent, so that its own children do not inherit it. */
const TIED = 'NETSPACE_TIED';

/** What comes within this time of the first signal is a copy of it, in milliseconds: npx and timeout send on what a terminal has sent to all. */
const COPIES_MS = 1000;

/** In this time the system delivers a signal to every process of a group, in milliseconds. */
const DELIVERED_MS = 50;

interface TiedOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @default that of this process */
  readonly cwd?: string;
}

/**
 * Starts Node again, with the same input and output, in a process that ends with this one: it calls {@link followParent}, and a channel between
 * both tells it when this process is gone.
 */
export const spawnTied = ({ args, env, cwd }: TiedOptions): ChildProcess =>
  spawn(process.execPath, args, { cwd, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...env, [TIED]: '1' } });

/**
 * Sends the signals that reach this process on to a child of {@link spawnTied}, for as long as this process lives. The first one goes by the
 * channel: a terminal has sent it to the child too, which alone can tell. A later one is a real signal, because it must end a child that does
 * not come to read its channel; from a terminal, the child has had it already.
 */
export function forwardSignals(child: ChildProcess): void {
  let first: number | undefined;
  const forward = (name: Signal): void => {
    const isFirst = first === undefined;
    if (!isFirst && performance.now() - first! < COPIES_MS) return;
    first ??= performance.now();
    if (isFirst && child.connected) child.send({ signal: name }, () => undefined); // a child that is gone says so by its end
    else child.kill(name);
  };
  for (const name of SIGNALS) process.on(name, () => forward(name));
}

/**
 * Ends this process with the one that started it by {@link spawnTied}; does nothing in any other process, and when called again. A signal that
 * the parent tells of is raised here unless it has come here as well. A parent that vanishes, as by SIGKILL, is taken for a SIGTERM.
 */
export function followParent(): void {
  if (process.env[TIED] === undefined) return;
  delete process.env['NETSPACE_TIED'];
  if (process.channel === undefined) return;
  const heard = hearSignals();
  process.on('message', (message: unknown) => {
    const name = signalIn(message);
    if (name !== undefined) afterDelivered(() => !heard.has(name) && process.kill(process.pid, name));
  });
  process.once('disconnect', () => afterDelivered(() => heard.size === 0 && process.kill(process.pid, 'SIGTERM'))); // else it is ending already
  process.channel.unref(); // a program that is done may end
}

/**
 * Calls back once listeners were told of every signal that the system has delivered by now. A signal waits for the event loop to look for it, which
 * lies between two immediates; the first may come in the loop that the message came in, which has looked before.
 */
const afterDelivered = (then: () => void): void => void setTimeout(() => setImmediate(() => setImmediate(then)), DELIVERED_MS);

const signalIn = (message: unknown): Signal | undefined =>
  typeof message === 'object' && message !== null && 'signal' in message ? SIGNALS.find((name) => name === message.signal) : undefined;

/**
 * The signals that have come to this process while the program listened to them. Where it does not listen, or no longer, they keep their
 * default action, which ends the process even in the middle of a computation: our own listener comes and goes with the program's.
 */
function hearSignals(): ReadonlySet<Signal> {
  const heard = new Set<Signal>();
  for (const name of SIGNALS) {
    const hear = (): void => void heard.add(name);
    if (process.listenerCount(name) > 0) process.prependListener(name, hear);
    process.on('newListener', (event, listener) => {
      if (event === name && listener !== hear && !process.listeners(name).includes(hear)) process.prependListener(name, hear);
    });
    process.on('removeListener', (event) => {
      if (event === name && process.listeners(name).every((one) => one === hear)) process.off(name, hear);
    });
  }
  return heard;
}
