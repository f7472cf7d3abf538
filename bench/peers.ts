import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { startContender, type Contender } from './contender.js';
import type { Scenario } from './scenario.js';

const here = new URL('peers/', import.meta.url).pathname;

/** Python with PyTorch: `NETSPACE_PEERS_PYTHON`, or the venv of `installPeers`; undefined if neither is there. */
export function peersPython(): string | undefined {
  const candidates = [process.env['NETSPACE_PEERS_PYTHON'], join(here, '.venv', 'bin', 'python')];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Installs PyTorch with the user's pip into `bench/peers/.venv` (several GB). */
export function installPeers(): void {
  const run = (command: string, args: readonly string[]) => {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed; its output stands above`);
  };
  run('python3', ['-m', 'venv', join(here, '.venv')]);
  run(join(here, '.venv', 'bin', 'pip'), ['install', '-r', join(here, 'requirements.txt')]);
}

/** The PyTorch baseline of a training step: as the authors wrote theirs, or with our algorithmic savings. */
export const startPeer = (
  python: string,
  { kind, nets, images }: Scenario,
  { thrifty, threads, env }: { readonly thrifty: boolean; readonly threads: number; readonly env: NodeJS.ProcessEnv },
): Promise<Contender> =>
  startContender(
    thrifty ? 'pytorch, our savings' : 'pytorch',
    python,
    [
      join(here, 'serve.py'),
      '--kind',
      kind,
      '--nets',
      String(nets),
      '--images',
      String(images),
      '--threads',
      String(threads),
      ...(thrifty ? ['--thrifty'] : []),
    ],
    env,
  );
