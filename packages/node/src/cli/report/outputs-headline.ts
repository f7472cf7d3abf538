import { type EvaluatedOutputs, summarizeOutputs } from '@netspace/explore';
import type { Headline } from '@netspace/report';

/** What networks of numbers were measured as, and what the targets have to do with each other. */
export interface MeasuredOutputs {
  readonly task: 'regression' | 'rgb' | 'occupancy';
  /** R² of a target against another target, mean; null if there is none. */
  readonly targetR2: number | null;
}

const graded = (value: number, good: boolean, fair: boolean) =>
  Number.isFinite(value) ? { verdict: good ? ('good' as const) : fair ? ('fair' as const) : ('poor' as const) } : {};

/** The number to remember of networks that give numbers, colors or what is inside: what it means, and whether it is good. */
export function outputsHeadline(rows: readonly EvaluatedOutputs[], { task, targetR2 }: MeasuredOutputs): Headline[] {
  if (rows.length === 0) return [];
  const unknown = 'It means nothing here: the remarks say why.';
  const { meanR2, meanPsnr, meanIou } = summarizeOutputs(rows);
  if (task === 'occupancy') {
    const iou = meanIou ?? NaN;
    const note = 'Points inside both networks divided by the points inside either, mean over networks. Good: at least 0.8.';
    return [
      { label: 'overlap (IoU)', value: text(iou, 2), note: Number.isNaN(iou) ? unknown : note, ...graded(iou, iou >= 0.8, iou >= 0.5) },
    ];
  }
  if (task === 'rgb') {
    const psnr = meanPsnr ?? (rows.every((row) => row.mse === 0) ? Infinity : NaN);
    const note =
      'How near the colors of a predicted network are to those of its target. Good: at least 30 dB; at 20 dB one sees what it is.';
    return [{ label: 'PSNR', value: psnr === Infinity ? 'equal' : `${text(psnr, 1)} dB`, note, ...(psnr === Infinity ? { verdict: 'good' as const } : graded(psnr, psnr >= 30, psnr >= 20)) }]; // prettier-ignore
  }
  const r2 = meanR2 ?? NaN;
  const between = targetR2 ?? -Infinity;
  const note = `Share of the spread of a network's outputs that its prediction gives too; 1 for equal outputs. Good: at least 0.9${
    targetR2 === null ? '' : `, and half of the way from two targets (${targetR2.toFixed(2)}) to 1`
  }.`;
  return [
    {
      label: 'R²',
      value: text(r2, 2),
      note: Number.isNaN(r2) ? unknown : note,
      ...graded(r2, r2 >= Math.max(0.9, (1 + between) / 2), r2 >= 0.5 && r2 > between),
    },
  ];
}

/** What refinement is measured by: the error of some networks in [0, 1], and the name of what is missing to 1. */
export function errorOfOutputs({ task }: MeasuredOutputs): {
  readonly label: string;
  readonly errorOf: (rows: readonly EvaluatedOutputs[]) => number;
} {
  const clamped = (value: number): number => Math.min(1, Math.max(0, value));
  if (task === 'occupancy') return { label: 'the overlap (IoU)', errorOf: (rows) => 1 - (summarizeOutputs(rows).meanIou ?? 0) };
  return { label: 'R²', errorOf: (rows) => clamped(1 - (summarizeOutputs(rows).meanR2 ?? 0)) };
}

const text = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
