import type { ReportSection } from '@netspace/report';

import { wholePercent } from './report-data.js';
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
      text: `The same with networks of which each is a shape: it gives the signed distance of a point to the surface (${source}). ${steps} steps.`,
      figures: [
        figure(reconstructions, 'Target and predicted'),
        {
          kind: 'table',
          columns: [
            { label: 'shape' },
            { label: 'error of the target' },
            { label: 'error of the predicted network' },
            { label: 'IoU of the two' },
            { label: 'IoU with the most similar other shape' },
          ],
          caption:
            'Errors: mean squared difference of the distances from those of the mesh, in units of the bounding box diagonal. IoU: the volume that both solids fill, divided by the volume that either fills.',
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
      text: `From ${ends[0]} (γ = 0) to ${ends[1]} (γ = 1). The number under each shape is the share of its volume in its largest piece; 100 % is one whole shape. At the worst stop it is ${wholePercent(worst(walk))} through the space, and ${wholePercent(worst(averages))} if weights are averaged.`,
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
