import { join } from 'node:path';

import { checkpointFile, loadMeshFolder } from '@netspace/node';
import { type NamedMesh, randomSeat, seatMeshes } from '@netspace/shapes';
import { trainedEmbeddings } from '@netspace/train';
import * as tf from '@tensorflow/tfjs-core';
import { mean } from 'simple-statistics';

import { dataPath } from '../shared/data.js';
import type { Context, Experiment, Figure, Outcome } from '../shared/experiment.js';
import { learningChart } from '../sdf/charts.js';
import { gridOf } from '../sdf/fields.js';
import { interpolation } from '../sdf/interpolation.js';
import { columnSheet, sheet } from '../sdf/pictures.js';
import { shapeSpace } from '../sdf/shape-space.js';
import { type Shape, shapeZoo } from '../sdf/shape-zoo.js';
import { latentArms } from './arms.js';
import { commonStart } from './common-start.js';
import { configs, type SeatsConfig } from './config.js';
import { type MeasuredSeat, reconstructions, summarize } from './reconstruction.js';

export const experiment: Experiment<SeatsConfig> = {
  name: 'seats',
  question: 'Does a space of hundreds of seats know seats that it has never seen?',
  configs,
  run,
};

/** With a limit on steps, the results mean nothing: makes and measures as little as possible then. */
const quickLook = ({ zoo, refine, ...config }: SeatsConfig, steps: number): SeatsConfig => ({
  ...{ ...config, known: 14, heldOut: 4, refits: 1, real: false, resolution: 12 },
  ...{ zoo: { ...zoo, samples: 1000 }, refine: { ...refine, steps }, walks: { pairs: 1, stops: 3 } },
});

async function run(whole: SeatsConfig, context: Context): Promise<Outcome> {
  const config = context.stepsLimit === undefined ? whole : quickLook(whole, context.stepsLimit);
  const { seed, log, signal } = context;
  const { resolution, bounds, walks } = config;
  const made = await seatMeshes({ count: config.known + config.heldOut, seed: 0 });
  const [knownMeshes, newMeshes] = [made.slice(0, config.known), made.slice(config.known)];
  const start = await commonStart(context, config, knownMeshes);
  const fits = (name: string, meshes: readonly NamedMesh[], own = seed) =>
    shapeZoo(context, { name: `seats-${name}`, recipe: { ...config.zoo, seed: own }, meshes, start });
  const known = await fits('known', knownMeshes);
  const heldOut = await fits('held-out', newMeshes);
  const everyFew = Math.ceil(config.known / config.refits);
  const refits = await fits('refits', knownMeshes.filter((_, i) => i % everyFew === 0), seed + 1); // prettier-ignore
  const chairs = config.real ? await realSeats(context) : [];
  const real = chairs.length === 0 ? [] : await fits('real', chairs);
  const { space, curve, folder } = await shapeSpace(context, { name: 'seats', config, seed, known, heldOut, watched: WATCHED });

  const embeddings = await trainedEmbeddings(checkpointFile(join(folder, 'checkpoint.safetensors'))); // of the known seats
  const ownOf = (shape: Shape) => tf.slice(embeddings, known.indexOf(shape), 1);

  const grid = gridOf(resolution, bounds);
  const measure = async (what: string, shapes: readonly Shape[], own = {}) => {
    const measured = await reconstructions(space, shapes, { ...config, grid, seed, signal, known: embeddings, ...own });
    const { encoded, refined, sirenIou } = summarize(measured.map((one) => one.measured));
    log(
      `${what}: IoU ${encoded.iou.toFixed(3)}, refined ${refined.iou.toFixed(3)}; of the SIRENs with their meshes ${sirenIou.toFixed(3)}`,
    );
    return measured;
  };
  const ofKnown = await measure('known', known.filter((_, i) => i % everyFew === 0), { ownOf }); // prettier-ignore
  const ofRefits = await measure('fitted anew', refits);
  const ofHeldOut = await measure('held out', heldOut);
  const ofReal = real.length === 0 ? [] : await measure('real', real);

  const designs = new Map(made.map(({ name, mesh }) => [name, { mesh, design: randomSeat({ seed: Number(name.slice('seat-'.length)) }) }]));
  const designOf = (name: string) => designs.get(name)!;
  const { arms, pictures: armPictures } = await latentArms(space, { known, embeddings, heldOut: ofHeldOut, designOf, bounds, resolution });
  log(`arms on: ${arms.on.before} to ${arms.on.after}; arms off: ${arms.off.before} to ${arms.off.after}`);

  const figures: Figure[] = [
    columnSheet('held-out', `Seats that the space never saw: ${COLUMN}`, picturesOf(ofHeldOut)),
    columnSheet('refits', `Seats of the zoo, fitted anew: ${COLUMN}`, picturesOf(ofRefits)),
    ...(ofReal.length > 0 ? [columnSheet('real', `Seats that were not made by rule: ${COLUMN}`, picturesOf(ofReal))] : []),
    learningChart(curve),
    columnSheet('arms-on', `Seats never seen, without arms: ${MOVED} added`, armPictures.on.slice(0, SHOWN)),
    columnSheet('arms-off', `Seats never seen, with arms: ${MOVED} subtracted`, armPictures.off.slice(0, SHOWN)),
  ];
  const walked = {
    known: await walksOf('known', known, ownOf),
    heldOut: await walksOf('held-out', heldOut, (shape) => ofHeldOut[heldOut.indexOf(shape)]!.embedding.clone()),
  };
  embeddings.dispose();
  const results = { known: ofKnown, refits: ofRefits, heldOut: ofHeldOut, real: ofReal };
  for (const { embedding } of Object.values(results).flat()) embedding.dispose();
  space.dispose();
  const summary = {
    ...{ known: summaryOf(ofKnown)!, refits: summaryOf(ofRefits)!, heldOut: summaryOf(ofHeldOut)!, real: summaryOf(ofReal) },
    ...{ arms, walks: { known: wholeness(walked.known), heldOut: wholeness(walked.heldOut) } },
  };
  return {
    results: {
      ...{ knownSeats: known.length, summary },
      ...Object.fromEntries(Object.entries(results).map(([kind, list]) => [kind, list.map(({ measured }) => measured)])),
      ...{ walks: walked, curve },
    },
    figures,
    thresholds: [
      { what: 'SIRENs of seats', value: known.length, atLeast: 500 },
      { what: 'IoU of SIRENs with their meshes, never seen', value: summary.heldOut.sirenIou, atLeast: 0.85 },
      { what: 'IoU, seats of the zoo', value: summary.known.encoded.iou },
      { what: 'IoU, seats of the zoo, from the embeddings that they learned with', value: summary.known.own!.iou },
      { what: 'IoU, fitted anew', value: summary.refits.encoded.iou, atLeast: 0.85 },
      { what: 'IoU, fitted anew, refined', value: summary.refits.refined.iou },
      { what: 'IoU, never seen', value: summary.heldOut.encoded.iou },
      { what: 'IoU, never seen, refined', value: summary.heldOut.refined.iou, atLeast: 0.85 },
      { what: 'IoU, never seen, thinnest tenth, refined', value: summary.heldOut.thinnestTenth!.refined.iou },
      ...(summary.real === null
        ? []
        : [
            { what: 'IoU, real seats', value: summary.real.encoded.iou },
            { what: 'IoU, real seats, refined', value: summary.real.refined.iou, atLeast: 0.85 },
          ]),
      { what: 'share of the largest solid between two known seats', value: summary.walks.known.space.largestShare, atLeast: 0.99 },
      { what: 'the same, between two never seen', value: summary.walks.heldOut.space.largestShare, atLeast: 0.99 },
      { what: 'share of seats without arms that have some with arms added', value: arms.on.after },
      { what: 'share of seats with arms that have none with arms subtracted', value: 1 - arms.off.after },
    ],
  };

  /** The first seats in pairs. */
  async function walksOf(kind: string, shapes: readonly Shape[], embeddingOf: (shape: Shape) => tf.Tensor2D) {
    const list = [];
    const rows = [];
    for (let i = 0; i < walks.pairs; i++) {
      const ends = [shapes[2 * i]!, shapes[2 * i + 1]!] as const;
      const places = [embeddingOf(ends[0]), embeddingOf(ends[1])] as const;
      const { interpolation: one, pictures } = await interpolation(space, ends, {
        embeddings: places,
        stops: walks.stops,
        grid,
        resolution,
      });
      tf.dispose([...places]);
      list.push(one);
      rows.push(pictures[0]!);
    }
    figures.push(sheet(`walks-${kind}`, `Walks between seats, ${kind === 'known' ? 'of the zoo' : 'never seen'}`, rows));
    return list;
  }
}

const COLUMN = 'mesh, predicted shape, predicted shape refined';
const MOVED = 'mesh, predicted shape, and the same with the mean embedding of seats with arms minus that of seats without';
/** Seats of each kind that are looked at while the space learns. */
const WATCHED = 24;
/** Seats in a picture. */
const SHOWN = 16;

const picturesOf = (seats: readonly MeasuredSeat[]) => seats.slice(0, SHOWN).map(({ pictures }) => pictures);

const summaryOf = (seats: readonly MeasuredSeat[]) => (seats.length === 0 ? null : summarize(seats.map(({ measured }) => measured)));

/** The chairs of the data folder; none, with words, where it is not there. */
async function realSeats({ log }: Context): Promise<readonly NamedMesh[]> {
  let folder: string;
  try {
    folder = dataPath('chairs');
  } catch (error) {
    log(`no real seats are measured: ${(error as Error).message}`);
    return [];
  }
  return loadMeshFolder(folder);
}

/** Means over the inner stops of all walks, the ends left out, and the share of these stops that are whole. */
function wholeness(walks: readonly Awaited<ReturnType<typeof interpolation>>['interpolation'][]) {
  const of = (way: 'space' | 'weights') => {
    const inner = walks.flatMap((one) => one[way].slice(1, -1));
    return {
      largestShare: mean(inner.map(({ largestShare }) => largestShare)),
      whole: mean(inner.map(({ largestShare }) => Number(largestShare >= 0.99))),
    };
  };
  return { space: of('space'), weights: of('weights') };
}
