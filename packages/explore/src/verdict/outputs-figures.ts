import { type EvaluatedOutputs, summarizeOutputs } from '../evaluate/evaluated-outputs.js';
import { graded, type VerdictFigure } from './verdict-figure.js';

const NOTHING = 'It means nothing here: the remarks say why.';

/**
 * The figure that decides for networks that give numbers, colors or what is inside: what it means, and whether it is good.
 *
 * @param targetR2 R² of a target against another target, mean; null if there is none
 */
export function outputsFigures(rows: readonly EvaluatedOutputs[], targetR2: number | null): readonly VerdictFigure[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { meanR2, meanPsnr, meanIou } = summarizeOutputs(rows);
  if (first.iou !== undefined) return [insideFigure(meanIou ?? NaN)];
  if (first.psnr !== undefined) return [colorsFigure(meanPsnr ?? (rows.every((row) => row.mse === 0) ? Infinity : NaN))];
  return [numbersFigure(meanR2 ?? NaN, targetR2)];
}

function insideFigure(iou: number): VerdictFigure {
  const note = 'Points inside both networks divided by the points inside either, mean over networks. Good: at least 0.8.';
  return { label: 'overlap (IoU)', value: text(iou, 2), ...said(iou, note, graded(iou >= 0.8, iou >= 0.5)) };
}

function colorsFigure(psnr: number): VerdictFigure {
  const note = 'How near the colors of a predicted network are to those of its target. Good: at least 30 dB; at 20 dB one sees what it is.';
  if (psnr === Infinity) return { label: 'PSNR', value: 'equal', note, verdict: 'good' };
  return { label: 'PSNR', value: `${text(psnr, 1)} dB`, note, ...(Number.isFinite(psnr) && graded(psnr >= 30, psnr >= 20)) };
}

function numbersFigure(r2: number, targetR2: number | null): VerdictFigure {
  const between = targetR2 ?? -Infinity;
  const note = `Share of the spread of a network's outputs that its prediction gives too; 1 for equal outputs. Good: at least 0.9${
    targetR2 === null ? '' : `, and half of the way from two targets (${targetR2.toFixed(2)}) to 1`
  }.`;
  const verdict = graded(r2 >= Math.max(0.9, (1 + between) / 2), r2 >= 0.5 && r2 > between);
  return { label: 'R²', value: text(r2, 2), ...said(r2, note, verdict) };
}

const said = (value: number, note: string, verdict: Pick<VerdictFigure, 'verdict'>): Pick<VerdictFigure, 'note' | 'verdict'> =>
  Number.isNaN(value) ? { note: NOTHING } : { note, ...verdict };

const text = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
