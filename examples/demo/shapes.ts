// (f) A space of shapes. Runs as a process of its own, beside the classifiers: `shapes.ts OUT_FILE` writes ShapeResults as JSON.
import { writeFileSync } from 'node:fs';

import { extractMesh, occupancyIou, sampleSdf, sdfMse } from '@netspace/shapes';
import { interpolateWeights, walk } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { fitSdf, trainNetSpace } from '@netspace/train';
import { selectRuntime } from '@netspace/node';
import { requiredPRepShape, type Instance } from '@netspace/prep';

import type { PlainMesh, ShapeResults } from './results.js';
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
      seed: SEED + index,
    });
    fitted.push({ name, samples, instance });
  }
  return fitted;
});

const instances = targets.map(({ instance }) => instance);
const space = makeSpace(instances[0]!);
const training: { step: number; loss: number }[] = [];
const steps = await time('NetSpace of shapes', async () => {
  const { steps: wanted, batch, learningRate, until } = SHAPES.space;
  const near = targets.map(({ samples }) => samples.points);
  let taken = 0;
  const task = { kind: 'sdf', near, bounds: 0.6 } as const;
  for await (const { step, losses } of trainNetSpace(space, {
    instances,
    task,
    steps: wanted,
    batch,
    learningRate,
    seed: SEED,
    readEvery: 25,
  })) {
    taken = step;
    if (losses !== undefined) training.push({ step, loss: losses['loss']! });
    if (process.uptime() > until) break;
  }
  return taken;
});

const predicted = await space.instantiate(space.encode(instances));
const shapes = await time('predicted against target', () =>
  Promise.all(
    targets.map(async ({ name, samples, instance }, index) => ({
      name,
      targetMse: await sdfMse(instance, samples),
      reconstructedMse: await sdfMse(predicted[index]!, samples),
      iou: await occupancyIou(instance, predicted[index]!, { resolution: 48, bounds: 0.6 }),
    })),
  ),
);

const drawn = await time('meshes', async () => {
  const reconstructions: PlainMesh[] = [];
  for (const [index, { name, instance }] of targets.entries()) {
    reconstructions.push(await plainMesh(instance, name, 'target'));
    reconstructions.push(await plainMesh(predicted[index]!, name, `predicted, IoU ${shapes[index]!.iou.toFixed(2)}`));
  }
  const [from, to] = [instances[0]!, instances[1]!];
  const path = await walk(space, from, to, { gammas: [...SHAPES.gammas] });
  const between: PlainMesh[] = [];
  for (const [index, instance] of path.instances.entries())
    between.push(await plainMesh(instance, `γ = ${SHAPES.gammas[index]!}`, 'space'));
  const averages: PlainMesh[] = [];
  for (const [index, instance] of interpolateWeights(from, to, [...SHAPES.gammas]).entries()) {
    averages.push(await plainMesh(instance, `γ = ${SHAPES.gammas[index]!}`, 'average of weights'));
  }
  return { reconstructions, walk: between, averages };
});

const results: ShapeResults = { source, shapes, training, steps, ...drawn, seconds };
writeFileSync(process.argv[2]!, JSON.stringify(results));

function makeSpace(instance: Instance): NetSpace {
  const [rows] = requiredPRepShape(SHAPES.architecture, { width: 8, heightMultiple: 8 });
  const { preset, decoderChannels } = SHAPES.space;
  const { architecture } = SHAPES;
  return new NetSpace({
    architectures: [architecture],
    prepShape: [8, rows],
    preset,
    decoderChannels,
    start: { from: 'instance', instance },
    seed: SEED,
  });
}

async function plainMesh(instance: Instance, title: string, note: string): Promise<PlainMesh> {
  const { positions, indices } = await extractMesh(instance, { resolution: SHAPES.resolution, bounds: 0.6 });
  // A tenth of a millimetre of a one-metre chair is enough to look at.
  return { title, note, positions: Array.from(positions, (x) => Math.round(x * 1e4) / 1e4), indices: [...indices] };
}
