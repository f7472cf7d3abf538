import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The owner of a lock: machine, process, and on Linux the time at which that process began, because process numbers are used again. */
export const lockOwner = async (pid = process.pid): Promise<string> => [hostname(), pid, (await beginningOf(pid)) ?? '-'].join(' ');

/** Whether a lock's owner is a process of this machine that no longer runs. For text without an owner this is unknown. */
export async function isGone(owner: string): Promise<boolean> {
  const [host, pid, beginning = '-'] = owner.split(' ');
  if (host !== hostname() || !Number(pid)) return false;
  if (!isRunning(Number(pid))) return true;
  const now = await beginningOf(Number(pid));
  return beginning !== '-' && now !== undefined && now !== beginning;
}

/** Whether a lock's owner is a process of another machine. */
export const isOfOtherMachine = (owner: string): boolean => namesOwner(owner) && owner.split(' ')[0] !== hostname();

/** Whether {@link lockOwner} wrote a text, in this version or an earlier one. */
export const namesOwner = (text: string): boolean => /^\S+ \d+( \S+)?$/.test(text);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Clock ticks since the machine started, the 22nd field of `/proc/PID/stat`; the second may hold blanks, but ends with `)`. */
async function beginningOf(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // no Linux, or no such process
  }
}
