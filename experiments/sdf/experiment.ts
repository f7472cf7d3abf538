import { mean } from 'simple-statistics';

import type { Context, Experiment, Figure, Outcome } from '../shared/experiment.js';
import { betweenChart, learningChart } from './charts.js';
import { configs, type SdfConfig } from './config.js';
import { gridOf, valuesOf } from './fields.js';
import { interpolation, type Interpolation, type Stop } from './interpolation.js';
import { columnSheet, sheet } from './pictures.js';
import { reconstructions, type Reconstruction } from './reconstruction.js';
import { shapeMeshes } from './shape-meshes.js';
import { shapeSpace } from './shape-space.js';
import { shapeZoo } from './shape-zoo.js';

export const experiment: Experiment<SdfConfig> = {
  name: 'sdf',
  question: 'Does a space of shapes keep the shapes that it was trained on, and what lies between two of them?',
  configs,
  run,
};

const COLUMN = 'the mesh above, what the space makes of its SIREN below';
const ROWS = 'embeddings interpolated and decoded (above), weights averaged (below)';

/** With a limit on steps, the results mean nothing: measures as little as possible then. */
const quickLook = ({ pairs }: SdfConfig) => ({ resolution: 12, pairs: pairs.slice(0, 1), stops: 3 });

async function run(whole: SdfConfig, context: Context): Promise<Outcome> {
  const config = context.stepsLimit === undefined ? whole : { ...whole, ...quickLook(whole) };
  const { seed, log } = context;
  const { resolution, bounds } = config;
  const meshes = await shapeMeshes(config.meshes);
  const shapes = await shapeZoo(context, { name: 'shapes', recipe: { ...config.zoo, seed }, meshes });
  const heldOut = shapes.filter(({ name }) => config.heldOut.includes(name));
  const known = shapes.filter(({ name }) => !config.heldOut.includes(name));
  const everyFew = Math.ceil(known.length / config.refits.shapes);
  const refits = await shapeZoo(context, {
    ...{ name: 'refits', recipe: { ...config.zoo, samples: config.refits.samples, seed } },
    meshes: known.filter((_, i) => i % everyFew === 0),
  });
  const { space, curve } = await shapeSpace(context, { name: 'shapes', config, seed, known, heldOut });

  const grid = gridOf(resolution, bounds);
  const knownValues = [];
  for (const shape of known) knownValues.push({ ...shape, values: await valuesOf(shape.instance, grid) });
  const measure = { known: knownValues, grid, resolution, seed };
  const { measured: ofZoo, pictures: zooPictures } = await reconstructions(space, { ...measure, shapes: known });
  log(`zoo: IoU ${mean(ofZoo.map(({ iou }) => iou)).toFixed(3)}`);
  const { measured: ofRefits } = await reconstructions(space, { ...measure, shapes: refits });
  log(`zoo fitted anew: IoU ${mean(ofRefits.map(({ iou }) => iou)).toFixed(3)}`);
  const { measured: ofHeldOut, pictures: heldOutPictures } = await reconstructions(space, { ...measure, shapes: heldOut });
  log(`held out: IoU ${mean(ofHeldOut.map(({ iou }) => iou)).toFixed(3)}`);

  const figures: Figure[] = [
    columnSheet('reconstructions', `Shapes of the zoo: ${COLUMN}`, zooPictures),
    columnSheet('held-out', `Shapes that the space never saw: ${COLUMN}`, heldOutPictures),
    learningChart(curve),
  ];
  const interpolations: Interpolation[] = [];
  for (const [from, to] of config.pairs) {
    const ends = [known.find(({ name }) => name === from)!, known.find(({ name }) => name === to)!] as const;
    const walked = await interpolation(space, ends, { stops: config.stops, grid, resolution });
    log(`from ${from} to ${to}`);
    interpolations.push(walked.interpolation);
    figures.push(sheet(`walk-${from}-to-${to}`, `From ${from} to ${to}: ${ROWS}`, walked.pictures));
  }
  figures.push(
    betweenChart(interpolations, { name: 'pieces', label: 'connected solids', quantity: ({ components }) => components }),
    betweenChart(interpolations, {
      ...{ name: 'between', label: 'IoU with the average of the two distance fields' },
      quantity: ({ averagedFieldIou }) => averagedFieldIou,
    }),
  );
  const summary = { zoo: summarize(ofZoo), refits: summarize(ofRefits), heldOut: summarize(ofHeldOut), between: between(interpolations) };
  space.dispose();
  return {
    results: {
      shapes: shapes.length,
      knownShapes: known.length,
      summary,
      zoo: ofZoo,
      refits: ofRefits,
      heldOut: ofHeldOut,
      interpolations,
      curve,
    },
    figures,
    thresholds: [
      { what: 'SIRENs of shapes', value: shapes.length, atLeast: 20 },
      { what: 'mean IoU of SIRENs with their meshes', value: summary.zoo.siren.iou, atLeast: 0.85 },
      { what: 'mean IoU of reconstructions with their targets', value: summary.zoo.iou, atLeast: 0.85 },
      { what: 'mean IoU for SIRENs fitted to the same shapes anew', value: summary.refits.iou, atLeast: 0.85 },
      { what: 'mean squared error of reconstructions over that of the SIRENs', value: summary.zoo.mse / summary.zoo.siren.mse, atMost: 1 },
      { what: 'share of the largest solid between two shapes', value: summary.between.space.largestShare, atLeast: 0.95 },
      {
        what: 'IoU with the average of the two fields, above that of averaged weights by',
        value: summary.between.space.averagedFieldIou - summary.between.weights.averagedFieldIou,
        atLeast: 0,
      },
    ],
  };
}

const summarize = (list: readonly Reconstruction[]) => ({
  siren: { mse: mean(list.map(({ siren }) => siren.mse)), iou: mean(list.map(({ siren }) => siren.iou)) },
  mse: mean(list.map(({ mse }) => mse)),
  iou: mean(list.map(({ iou }) => iou)),
  meshIou: mean(list.map(({ meshIou }) => meshIou)),
  /** What answering with the most similar shape of the zoo would give. */
  nearestOfZooIou: mean(list.map(({ nearestToTarget }) => nearestToTarget.iou)),
  predictionToNearestOfZooIou: mean(list.map(({ nearestToPrediction }) => nearestToPrediction.iou)),
});

/** Means over the inner stops of all walks, the ends left out. */
function between(interpolations: readonly Interpolation[]) {
  const inner = (way: 'space' | 'weights'): Stop[] => interpolations.flatMap((one) => one[way].slice(1, -1));
  const of = (stops: readonly Stop[]) => ({
    components: mean(stops.map(({ components }) => components)),
    largestShare: mean(stops.map(({ largestShare }) => largestShare)),
    occupied: mean(stops.map((stop) => stop.occupied)),
    nearestEndIou: mean(stops.map(({ nearestEndIou }) => nearestEndIou)),
    averagedFieldIou: mean(stops.map(({ averagedFieldIou }) => averagedFieldIou)),
    leastStepIou: Math.min(...stops.map(({ lastStopIou }) => lastStopIou ?? 1)),
  });
  return { space: of(inner('space')), weights: of(inner('weights')) };
}
