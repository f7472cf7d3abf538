// (f) A space of shapes. Runs as a process of its own, beside the classifiers: `shapes.ts OUT_FILE` writes ShapeResults as JSON.
import { writeFileSync } from 'node:fs';

import { extractMesh, occupancyIou, sampleSdf, sdfMse } from '@netspace/shapes';
import { interpolateWeights, walk } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { fitSdf, trainNetSpace } from '@netspace/train';
import { selectRuntime } from '@netspace/node';
import { requiredPRepShape, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { wholePercent } from './report-data.js';
import type { PlainMesh, ShapeResults, ShapeStop } from './results.js';
import { SEED, SHAPES } from './settings.js';
import { shapeMeshes } from './shape-meshes.js';
import { stopwatch } from './stopwatch.js';

await selectRuntime();
const { time, seconds } = stopwatch((part, taken) => {
  if (taken !== undefined) console.error(`shapes: ${part} took ${taken} s`);
});
const { source, meshes } = await shapeMeshes(SHAPES.count);

const targets = await time('SIRENs of the shapes', async () => {
  const { architecture, fit } = SHAPES;
  const fitted = [];
  for (const [index, { name, mesh }] of meshes.entries()) {
    const samples = await sampleSdf(mesh, { count: fit.samples, seed: SEED + index, nearSurface: 0.7, bounds: 0.6 });
    const { instance } = await fitSdf({
      architecture,
      samples,
      steps: fit.steps,
      batchSize: fit.batchSize,
      learningRate: fit.learningRate,
      seed: SEED,
    });
    fitted.push({ name, samples, instance });
  }
  return fitted;
});

const instances = targets.map(({ instance }) => instance);
const space = makeSpace();
const training: { step: number; loss: number }[] = [];
const { steps } = SHAPES.space;
await time('NetSpace of shapes', async () => {
  const { batch, learningRate, points } = SHAPES.space;
  const near = targets.map(({ samples }) => samples.points);
  const task = { kind: 'sdf', near, points, bounds: 0.6 } as const;
  for await (const { step, losses } of trainNetSpace(space, { instances, task, steps, batch, learningRate, seed: SEED, readEvery: 25 })) {
    if (losses !== undefined) training.push({ step, loss: losses['loss']! });
  }
});

const predicted = await space.instantiate(space.encode(instances));
const shapes = await time('predicted against target', () =>
  Promise.all(
    targets.map(async ({ name, samples, instance }, index) => ({
      name,
      targetMse: await sdfMse(instance, samples),
      reconstructedMse: await sdfMse(predicted[index]!, samples),
      iou: await overlap(instance, predicted[index]!),
      nearestIou: Math.max(
        ...(await Promise.all(instances.filter((other) => other !== instance).map((other) => overlap(instance, other)))),
      ),
    })),
  ),
);

const drawn = await time('meshes', async () => {
  const reconstructions: PlainMesh[] = [];
  for (const [index, { name, instance }] of targets.entries()) {
    reconstructions.push((await drawnShape(instance, name, () => 'target')).mesh);
    reconstructions.push((await drawnShape(predicted[index]!, name, () => `predicted, IoU ${shapes[index]!.iou.toFixed(2)}`)).mesh);
  }
  const [from, to] = [targets[0]!, targets[1]!];
  const path = await walk(space, from.instance, to.instance, { gammas: [...SHAPES.gammas] });
  const averaged = interpolateWeights(from.instance, to.instance, [...SHAPES.gammas]);
  return { reconstructions, walk: await stops(path.instances), averages: await stops(averaged), ends: [from.name, to.name] as const };
});

const results: ShapeResults = { source, shapes, training, steps, ...drawn, seconds };
writeFileSync(process.argv[2]!, JSON.stringify(results));

function overlap(a: Instance, b: Instance): Promise<number> {
  return occupancyIou(a, b, { resolution: 48, bounds: 0.6 });
}

async function stops(between: readonly Instance[]): Promise<readonly ShapeStop[]> {
  const drawn = [];
  for (const [index, instance] of between.entries()) {
    const gamma = SHAPES.gammas[index]!;
    const { mesh, largestShare } = await drawnShape(instance, `γ = ${gamma}`, (share) => `largest solid ${wholePercent(share)}`);
    drawn.push({ gamma, largestShare, mesh });
  }
  return drawn;
}

/** In units of the zoo's own spread, as SIRENs stay near the weights that they begin at; every embedding decodes to their mean at first. */
function makeSpace(): NetSpace {
  const { architecture } = SHAPES;
  const { preset, decoderChannels } = SHAPES.space;
  const mean = architecture.parameters.map((_, i) => tf.mean(tf.stack(instances.map(({ parameters }) => parameters[i]!)), 0));
  const space = new NetSpace({
    ...{ architectures: [architecture], preset, decoderChannels, seed: SEED },
    prepShape: requiredPRepShape(architecture, { width: 400 }),
    start: { from: 'instance', instance: { architecture, parameters: mean } },
    units: { of: instances },
  });
  tf.dispose(mean);
  return space;
}

/** A mesh to draw, and how much of its volume its largest solid holds: 1 for a shape that is whole. */
async function drawnShape(instance: Instance, title: string, note: (largestShare: number) => string) {
  const { positions, indices, largestShare } = await extractMesh(instance, { resolution: SHAPES.resolution, bounds: 0.6 });
  // A tenth of a millimetre of a one-metre chair is enough to look at.
  const mesh = {
    title,
    note: note(largestShare),
    positions: Array.from(positions, (x) => Math.round(x * 1e4) / 1e4),
    indices: [...indices],
  };
  return { mesh, largestShare };
}
