import { reconstruct, type RefinementOptions } from '@netspace/explore';
import type { NetSpace, PredictedInstance } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import type { MeshesFigure, ReportSection } from '@netspace/report';
import { extractMesh } from '@netspace/shapes';
import type { StoredInstance } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { CommandContext } from '../command-context.js';
import { evaluateShapes } from '../evaluation/evaluate-shapes.js';
import { networkProgress } from '../output/network-progress.js';
import type { EvaluatedPlace } from '../evaluation/evaluated-place.js';
import { changeSection, type EvaluationVerdict, verdictOnShapes, refinedWords } from '../evaluation/evaluation-verdict.js';
import type { HeldOut } from './held-out.js';
import { shapeRefinementSection } from './refinement-section.js';
import type { ReportPart } from './report-on-classifiers.js';
import { shapesFigures } from './shapes-figures.js';

/** Shapes that are drawn; the table has all. */
const DRAWN = 6;
/** Of which so many are held out, where the known ones decide. */
const HELD_OUT_DRAWN = 2;
const RESOLUTION = 48;

export interface ShapesReportInputs {
  readonly space: NetSpace;
  readonly entries: readonly StoredInstance[];
  readonly held: HeldOut;
  readonly place: EvaluatedPlace;
  readonly refine: RefinementOptions | undefined;
}

/** Compares the shape of each network with that of its prediction, and draws some. */
export async function reportOnShapes(
  { space, entries, held, place, refine }: ShapesReportInputs,
  context: CommandContext,
): Promise<ReportPart> {
  const bar = networkProgress('report', { names: entries.map(({ name }) => name), refine: refine?.steps }, context);
  const moved = new Map<string, PredictedInstance>(); // of those that may be drawn
  const mayBeDrawn = new Set([true, false].flatMap((one) => entries.filter(({ name }) => held.names.has(name) === one).slice(0, DRAWN)));
  const stoppable = {
    ...{ signal: context.signal, refine: refine && { ...refine, onStep: bar.onStep }, onStep: () => bar.ended() },
    onRefined(predicted: PredictedInstance, index: number) {
      const entry = entries[index]!;
      if (mayBeDrawn.has(entry)) moved.set(entry.name, { ...predicted, parameters: predicted.parameters.map((one) => tf.clone(one)) }); // prettier-ignore
    },
  };
  const measuring = evaluateShapes(space, entries, stoppable);
  const { instances, summary, diversity, remarks, refined } = await bar.until(measuring, 'no report is written');
  const verdict = verdictOnShapes({ instances, diversity, remarks, refined, heldOut: held.names, space, place });
  const isJudged = ({ name }: { readonly name: string }): boolean =>
    verdict.of === 'all networks' || held.names.has(name) === (verdict.of === 'held out');
  const judged = instances.filter(isJudged);
  const decisive = (verdict.refined && refined ? refined.instances : instances).filter(isJudged);
  const drawn = shapesToDraw(entries, { of: verdict.of, isJudged });
  const meshes = await meshesSection({ space, entries: drawn, held, moved: verdict.refined ? moved : undefined }, context).finally(() =>
    disposeInstances([...moved.values()]),
  );
  return {
    headline: [...shapesFigures(decisive), { label: 'networks', value: `${judged.length}`, note: 'Of which the figures are means.' }],
    sections: [
      {
        title: 'Shapes and their predictions',
        text: [
          verdict.apart === undefined
            ? held.words
            : `The figures at the top are of networks that the space was trained on. ${verdict.apart}`,
          ...refinedWords(verdict),
          'Each network is a signed distance function: negative inside a shape, positive outside. The space encodes it into an embedding; what the decoder makes of the embedding is the predicted network. MSE is the mean squared difference of the two functions in the cube of ±0.6; lower is better.',
          ...remarks,
        ],
        figures: [
          {
            kind: 'table',
            columns: [{ label: 'network' }, { label: 'held out' }, { label: 'IoU' }, { label: 'MSE' }],
            rows: held.first(instances).map(({ name, iou, mse, empty }) => [name, held.mark(name), empty ? null : iou, mse]),
          },
        ],
      },
      ...changeSection(verdict),
      ...(refined === undefined ? [] : [shapeRefinementSection(judged, refined.instances.filter(isJudged), refine!.steps!)]),
      ...meshes,
    ],
    result: { summary, diversity, ...(refined && { refined: refined.summary }) },
    remarks,
  };
}

/** Those that decide first. Where known ones do, readers want to see some that were held out too. */
export function shapesToDraw<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  { of, isJudged }: { readonly of: EvaluationVerdict['of']; readonly isJudged: (entry: Entry) => boolean },
): readonly Entry[] {
  const judged = entries.filter(isJudged);
  if (of !== 'trained on') return judged.slice(0, DRAWN);
  return [...judged.slice(0, DRAWN - HELD_OUT_DRAWN), ...entries.filter((entry) => !isJudged(entry)).slice(0, HELD_OUT_DRAWN)];
}

interface Drawn extends Pick<ShapesReportInputs, 'space' | 'entries' | 'held'> {
  /** Networks of refined encodings by name, where figures are of those. */
  readonly moved: ReadonlyMap<string, PredictedInstance> | undefined;
}

async function meshesSection({ space, entries, held: { names }, moved }: Drawn, context: CommandContext): Promise<ReportSection[]> {
  const meshes: MeshesFigure['meshes'][number][] = [];
  const bar = context.progress('shapes to draw', entries.length);
  try {
    for (const [i, { name, instance }] of entries.entries()) {
      await context.throwIfStopped();
      const refined = moved?.get(name);
      const [predicted, words] =
        refined === undefined ? ([await reconstruct(space, instance), 'predicted'] as const) : ([refined, 'predicted, refined'] as const);
      try {
        for (const [network, note] of [
          [instance, 'target'],
          [predicted, words],
        ] as const) {
          // prettier-ignore
          const mesh = await extractMesh(network, { resolution: RESOLUTION });
          if (mesh.indices.length > 0) meshes.push({ mesh, title: name, note: names.has(name) ? `${note}, held out` : note });
        }
      } finally {
        if (refined === undefined) disposeInstances([predicted]);
      }
      bar.update(i + 1);
    }
  } finally {
    bar.stop();
  }
  return meshes.length === 0 ? [] : [{ title: 'How they look', figures: [{ kind: 'meshes', meshes }] }];
}
