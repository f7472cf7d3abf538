import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** Makes a part in a process of its own: this program with its arguments and `--part NAME`, with its share of the cores. */
export const partProcess =
  (processes: number) =>
  async (part: string, signal: AbortSignal): Promise<void> => {
    const threads = String(Math.max(1, Math.floor(availableParallelism() / processes)));
    const words = process.argv.slice(1).filter((word) => word !== '--work');
    const child = spawn(process.execPath, [...process.execArgv, ...words, '--part', part], {
      stdio: 'inherit',
      env: { ...process.env, NETSPACE_THREADS: threads, OMP_NUM_THREADS: threads, TF_NUM_INTRAOP_THREADS: threads },
    });
    const end = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    signal.removeEventListener('abort', end);
    if (code !== 0) throw new Error(`part ${part}: its process ended with ${code ?? killedBy}`);
  };
