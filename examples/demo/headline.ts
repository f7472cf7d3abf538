import type { ReportData } from '@netspace/report';

import { type DemoData, percent, points, wholePercent } from './report-data.js';
import { worst } from './shape-sections.js';
import { mean } from './summary.js';

/** The main figures of the page; each note says what would be good. */
export function headline({ digits, shapes, summary }: DemoData): ReportData['headline'] {
  const { heldOut, classIdRight, meanAbsoluteDifference, meanAgreement, chanceAgreement, mostAlike } = summary;
  const { search } = digits;
  const nearest = mean(shapes.shapes.map(({ nearestIou }) => nearestIou));
  return [
    {
      label: 'change of accuracy in the space',
      value: points(meanAbsoluteDifference),
      note: `mean over ${heldOut.length} networks that the space never learned, from refined embeddings; 0 would be perfect, ${points(digits.differenceOfMean)} is the error of always answering with the zoo’s mean accuracy`,
    },
    {
      label: 'agreement with the target',
      value: percent(meanAgreement),
      note: `test digits for which a held-out network and its predicted network give the same answer; 100 % would be perfect, ${percent(mostAlike.meanAgreement)} is what the most similar known network gives, ${percent(chanceAgreement)} is chance for networks as good as these`,
    },
    {
      label: 'architectures recognized',
      value: `${classIdRight} of ${heldOut.length}`,
      note: 'held-out networks whose architecture the class head names from what the encoder says, not refined; all would be perfect',
    },
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
      label: 'shapes between two others in one piece',
      value: wholePercent(worst(shapes.walk)),
      note: 'share of the volume in the largest piece, at the worst stop; 100 % is one whole shape',
    },
  ];
}
