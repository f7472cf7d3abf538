import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';

import type { RunRecord } from '../../runs/run-record.js';
import { freeFolder } from '../files/free-folder.js';
import { type TrainConfig, trainConfigOptions, withoutRecordedDefaults } from './train-config.js';
import { quoted } from './way-on.js';

/** A run may go on with other values of these. */
const MAY_CHANGE: ReadonlySet<string> = new Set(['steps', 'readEvery', 'checkpointEvery', 'onDivergence']);

/**
 * Refuses to start a run in a folder that holds one, and says how to go on.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the folder has the record of a training
 */
export function refuseHeldRun(out: string, record: Partial<RunRecord> | undefined, config: TrainConfig): void {
  if (record?.config === undefined) return;
  const another = `name another folder, such as --out ${quoted(freeFolder(out.replace(/[\\/]+$/, '')))}`;
  const refuse = (what: string) => new NetSpaceError('INVALID_OPTION', `train: ${out} holds a run ${what}`);
  if (record.state === 'running') throw refuse(`that is still running; wait until it ends, or ${another}`);
  const all = differences(record.config, config);
  const own = all.filter((key) => !MAY_CHANGE.has(key));
  // Steps may change, but a learning rate that falls until their end changes with them: whoever gave others changed these.
  const differing = own.includes('learningRate') && all.includes('steps') ? ['steps', ...own] : own;
  if (differing.length > 0) {
    throw refuse(`of another config already (${differing.join(', ')} differ${differing.length === 1 ? 's' : ''}); ${another}`);
  }
  throw refuse(`already${record.state === 'died' ? ', whose process died before it ended' : ''}; go on with --resume or ${another}`);
}

/**
 * The keys in which a run cannot go on as a config says, given the config that it recorded. Its data are not among them: they are known by their bytes, wherever
 * they lie.
 */
export function keysOfAnotherRun(recorded: unknown, config: TrainConfig): readonly (keyof TrainConfig)[] {
  return differences(recorded, config).filter((key) => !MAY_CHANGE.has(key) && key !== 'data');
}

/** The keys in which two configs differ; none if the recorded one cannot be read. */
function differences(recorded: unknown, config: TrainConfig): readonly (keyof TrainConfig)[] {
  if (typeof recorded !== 'object' || recorded === null) return [];
  try {
    const before = parseOptions('run.json', trainConfigOptions, withoutRecordedDefaults(recorded));
    const keys = [...new Set([...Object.keys(before), ...Object.keys(config)])] as (keyof TrainConfig)[];
    return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(config[key]));
  } catch (error) {
    if (isNetSpaceError(error)) return [];
    throw error;
  }
}
