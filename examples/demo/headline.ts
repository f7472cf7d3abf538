import type { ReportData } from '@netspace/report';

import { type DemoData, percent, points } from './report-data.js';
import { worst } from './shape-sections.js';
import { mean } from './summary.js';

/** What the page comes down to, each with what would be good. */
export function headline({ digits, shapes, summary }: DemoData): ReportData['headline'] {
  const { heldOut, classIdRight, meanAbsoluteDifference, meanAgreement, chanceAgreement } = summary;
  const { search } = digits;
  const nearest = mean(shapes.shapes.map(({ nearestIou }) => nearestIou));
  return [
    {
      label: 'change of accuracy in the space',
      value: points(meanAbsoluteDifference),
      note: `mean over ${heldOut.length} networks that the space never saw; 0 would be perfect, ${points(digits.differenceOfMean)} is how far off the zoo’s mean accuracy is`,
    },
    {
      label: 'agreement with the target',
      value: percent(meanAgreement),
      note: `test digits of which a held-out network and what it comes out as say the same; 100 % would be perfect, ${percent(chanceAgreement)} is chance for networks as good as these`,
    },
    { label: 'architectures read right', value: `${classIdRight} of ${heldOut.length}`, note: 'of held-out networks; all would be right' },
    {
      label: 'accuracy, by moving a vector instead of weights',
      value: `${percent(search.before)} → ${percent(search.after)}`,
      note: `${percent(search.teacherAccuracy)}, the teacher’s own, would be good`,
    },
    {
      label: 'overlap of shapes with their targets (IoU)',
      value: mean(shapes.shapes.map(({ iou }) => iou)).toFixed(2),
      note: `mean over ${shapes.shapes.length} shapes that the space learned; 1 would be perfect, ${nearest.toFixed(2)} is the most similar other shape`,
    },
    {
      label: 'of a shape between two others is one piece',
      value: percent(worst(shapes.walk)),
      note: 'of its volume, at the worst stop; 100 % would be whole',
    },
  ];
}
