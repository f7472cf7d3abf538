import type { ReportSection } from '@netspace/report';

import { percent } from './report-data.js';
import type { PlainMesh, ShapeResults } from './results.js';

/** (f) Shapes, and what lies between two of them. */
export function shapeSections({ shapes, reconstructions, walk, averages, ends, source, training, steps }: ShapeResults): ReportSection[] {
  const figure = (meshes: readonly PlainMesh[], title: string) => ({
    ...{ kind: 'meshes' as const, title, wide: true },
    meshes: meshes.map(({ title: name, note, positions, indices }) => ({
      title: name,
      note,
      mesh: { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) },
    })),
  });
  return [
    {
      title: 'A space of shapes',
      text: `The same with networks that hold a shape as a signed distance function (${source}). ${steps} steps.`,
      figures: [
        figure(reconstructions, 'Target and predicted'),
        {
          kind: 'table',
          columns: [
            { label: 'shape' },
            { label: 'error of the target' },
            { label: 'error of the predicted' },
            { label: 'IoU of the two' },
            { label: 'IoU with the most similar other shape' },
          ],
          caption:
            'Errors: mean squared difference of the distances from those of the mesh, in units of the bounding box diagonal. IoU: of what lies in either solid, the share that lies in both.',
          rows: shapes.map(({ name, targetMse, reconstructedMse, iou, nearestIou }) => [
            name,
            targetMse,
            reconstructedMse,
            iou,
            nearestIou,
          ]),
        },
        {
          ...{ kind: 'chart', chart: 'line', title: 'Loss' },
          x: { label: 'step', format: 'integer' },
          y: { label: 'mean squared error', scale: 'log' },
          series: [{ name: 'L_sdf', points: training.map(({ step, loss }) => [step, loss] as const) }],
        },
      ],
    },
    {
      title: 'Between two shapes',
      text: `From ${ends[0]} (γ = 0) to ${ends[1]} (γ = 1). Beside each shape stands how much of its volume is in its largest piece; 100 % is a shape that is whole. At the worst stop it is ${percent(worst(walk))} through the space, and ${percent(worst(averages))} where weights are averaged.`,
      figures: [
        figure(
          walk.map(({ mesh }) => mesh),
          'Through the space',
        ),
        figure(
          averages.map(({ mesh }) => mesh),
          'Averaging the weights',
        ),
      ],
    },
  ];
}

/** The largest piece's share of the volume, where it is smallest. */
export const worst = (stops: ShapeResults['walk']): number => Math.min(...stops.map(({ largestShare }) => largestShare));
