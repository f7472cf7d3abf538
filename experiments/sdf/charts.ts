import { chartSvg } from '@netspace/report';

import type { Figure } from '../shared/experiment.js';
import { meanAndBand } from '../shared/statistics.js';
import type { CurvePoint } from '../shared/train-space.js';
import type { Interpolation, Stop } from './interpolation.js';

/** What lies between: a quantity by γ through the space and through the weights, mean and band over the pairs. */
export function betweenChart(
  interpolations: readonly Interpolation[],
  { name, label, quantity, format }: { name: string; label: string; quantity: (stop: Stop) => number; format?: 'percent' },
): Figure {
  const series = (['space', 'weights'] as const).map((way) => {
    const curves = interpolations.map((one) => one[way].map(quantity));
    const points = meanAndBand(curves).map(({ mean }, i) => [interpolations[0]![way][i]!.gamma, mean] as const);
    const band = meanAndBand(curves).map(({ min, max }) => [min, max] as const);
    return { name: way === 'space' ? 'embeddings interpolated' : 'weights averaged', points, band };
  });
  const y = { label, min: 0, ...(format && { format }) };
  return { name: `${name}.svg`, content: chartSvg({ kind: 'chart', chart: 'line', title: label, x: { label: 'γ' }, y, series }) };
}

/** IoU of the predictions with their targets while the space learned. */
export function learningChart(curve: readonly CurvePoint[]): Figure {
  const names = ['IoU, shapes of the zoo', 'IoU, shapes never seen'];
  const series = names.map((name) => ({
    name: name.slice(5),
    points: curve.flatMap((point) => (point[name] === undefined ? [] : [[point.step, point[name]] as const])),
  }));
  const title = 'IoU of reconstructions with their targets';
  const y = { label: 'IoU', min: 0, max: 1 };
  return { name: 'learning.svg', content: chartSvg({ kind: 'chart', chart: 'line', title, x: { label: 'step' }, y, series }) };
}
