import type { NetSpace } from '@netspace/model';
import { isNetSpaceError, type NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { RuntimeName, RuntimeTrial } from '../messages/protocol.js';
import { problemOf, RUNTIMES, startRuntime } from './runtimes.js';

/** What was chosen, and the space with its weights there. */
export interface ChosenRuntime {
  readonly runtime: RuntimeName;
  readonly trials: readonly RuntimeTrial[];
  readonly space: NetSpace;
}

/** A runtime whose first decode, which compiles its shaders, is over by then and whose second is not is not tried further. */
const PATIENCE_MS = 1500;

/**
 * Loads the space on each runtime that is here, measures one decode, and stays with the fastest; or on the one that was asked for. `cpu`, which
 * is many times slower than wasm, is only tried where nothing else works.
 *
 * @param load the space on the present runtime
 * @throws NetSpaceError `UNAVAILABLE` if the runtime that was asked for, or any, does not work here; as `load`
 */
export async function chooseRuntime(wanted: RuntimeName | 'fastest', load: () => Promise<NetSpace>): Promise<ChosenRuntime> {
  if (wanted !== 'fastest') {
    await startRuntime(wanted);
    const space = await load();
    return { runtime: wanted, trials: [{ runtime: wanted, decodeMs: await decodeTime(space) }], space };
  }
  const trials: RuntimeTrial[] = [];
  let best: { readonly runtime: RuntimeName; readonly space: NetSpace; readonly ms: number } | undefined;
  let failure: unknown;
  for (const runtime of RUNTIMES) {
    if (runtime === 'cpu' && best !== undefined) break;
    const problem = await problemOf(runtime);
    if (problem !== undefined) {
      trials.push({ runtime, problem });
      continue;
    }
    try {
      await startRuntime(runtime);
      const space = await load();
      const ms = await decodeTime(space);
      trials.push({ runtime, decodeMs: ms });
      if (best === undefined || ms < best.ms) {
        best?.space.dispose();
        best = { runtime, space, ms };
      } else {
        space.dispose();
      }
    } catch (error) {
      if (isNetSpaceError(error) && (error as NetSpaceError).code !== 'UNAVAILABLE') {
        best?.space.dispose();
        throw error; // the space's fault, not the runtime's
      }
      failure = error;
      trials.push({ runtime, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  if (best === undefined) throw failure;
  if (tf.getBackend() !== best.runtime) await tf.setBackend(best.runtime);
  return { runtime: best.runtime, trials, space: best.space };
}

/** Median of three decodes after a first one that does not count, in milliseconds. */
async function decodeTime(space: NetSpace): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 4; i++) {
    const started = performance.now();
    const preps = tf.tidy(() => space.decode(tf.zeros<tf.Rank.R2>([1, space.config.embeddingSize])).preps);
    await preps.data();
    preps.dispose();
    times.push(performance.now() - started);
    if (i > 0 && times[i]! > PATIENCE_MS) break;
  }
  const counted = times.slice(1).sort((a, b) => a - b);
  return counted[Math.floor(counted.length / 2)]!;
}
