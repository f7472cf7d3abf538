import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface NvidiaCard {
  readonly device: string;
  readonly memoryBytes: number | undefined;
}

/** Whether the machine has NVIDIA's kernel driver. If not, no CUDA library has to be loaded to know that there is no GPU. */
export const hasNvidiaDriver = (): boolean => existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');

/** The first card that NVIDIA's tool lists. */
export function nvidiaCard(): NvidiaCard {
  try {
    const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
    const [name = '', mebibytes = ''] = execFileSync('nvidia-smi', query, { encoding: 'utf8', timeout: 10_000 })
      .split('\n')[0]!
      .split(', ');
    return { device: name.trim(), memoryBytes: Number(mebibytes) * 2 ** 20 || undefined };
  } catch {
    return { device: 'NVIDIA GPU', memoryBytes: undefined }; // the tool may be missing although the driver is installed
  }
}
