import { accuracy, evenGammas, interpolateWeights, walk } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';

import type { Context } from '../shared/experiment.js';
import { spearman } from '../shared/statistics.js';
import type { Member } from '../shared/zoo-stage.js';

/** Accuracies along the line from a weak to a strong network. */
export interface MeasuredWalk {
  readonly from: string;
  readonly to: string;
  readonly gammas: readonly number[];
  /** Of what the embeddings between decode to. */
  readonly accuracies: readonly number[];
  /** Of the averaged weights. */
  readonly averages: readonly number[];
  /** Of accuracy with γ. */
  readonly spearman: number;
  /** How far the walk falls below its weaker end, in accuracy; 0 if never. */
  readonly dip: number;
}

export interface WalkPlan {
  readonly pairs: readonly (readonly [from: Member, to: Member])[];
  readonly gammas: number;
  readonly images: ImageDataset;
  readonly limit: number;
  /** Of an earlier space: averages of weights do not depend on the space. */
  readonly known?: readonly MeasuredWalk[] | undefined;
}

/** Walks each pair. */
export async function measureWalks(context: Context, space: NetSpace, plan: WalkPlan): Promise<readonly MeasuredWalk[]> {
  const { pairs, images, limit, known } = plan;
  const gammas = evenGammas(plan.gammas);
  const progress = context.progress('walks', pairs.length);
  const walks: MeasuredWalk[] = [];
  for (const [i, [from, to]] of pairs.entries()) {
    context.signal.throwIfAborted();
    const { embeddings, instances } = await walk(space, from.instance, to.instance, { gammas });
    embeddings.dispose();
    const accuracies = await accuraciesOf(instances, images, limit);
    const averages = known?.[i]?.averages ?? (await accuraciesOf(interpolateWeights(from.instance, to.instance, gammas), images, limit));
    const floor = Math.min(accuracies[0]!, accuracies.at(-1)!);
    walks.push({
      ...{ from: from.name, to: to.name, gammas, accuracies, averages },
      spearman: spearman(gammas, accuracies),
      dip: Math.max(0, ...accuracies.map((value) => floor - value)),
    });
    progress.update(i + 1);
  }
  progress.stop();
  return walks;
}

/** Measures networks and lets go of their tensors. */
async function accuraciesOf(instances: readonly Instance[], images: ImageDataset, limit: number): Promise<number[]> {
  const values: number[] = [];
  for (const instance of instances) {
    values.push(await accuracy(instance, images, { limit }));
    disposeInstances([instance]);
  }
  return values;
}
