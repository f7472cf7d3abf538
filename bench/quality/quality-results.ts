import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { chartSvg, type ChartAxis } from '@netspace/report';

import { median } from '../measure.js';
import type { Verdict } from './judge.js';

/** How good a space was at a look, and the time that its steps had taken. */
export interface QualityPoint extends Verdict {
  readonly step: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  /** Programs that ran or waited on the machine. */
  readonly load: number;
}

/** One space of one contender. */
export interface QualityRun {
  readonly contender: string;
  readonly seed: number;
  readonly taken: { readonly date: string; readonly commit: string };
  /** Whether it learned to its end, and was not stopped from outside. */
  readonly isOver: boolean;
  readonly peakBytes: number;
  readonly points: readonly QualityPoint[];
}

/** Largest mean differences, in points, of the columns of the table; the last is the goal. */
const LEVELS = [8, 5, 3] as const;
const SPEARMAN = 0.95;

/** The first look at which a run was within so many points, and its networks in order. */
export const reached = ({ points }: QualityRun, level: number): QualityPoint | undefined =>
  points.find(({ difference, spearman }) => 100 * difference <= level && spearman >= SPEARMAN);

/** Writes a run, among those of other contenders and seeds that are there already, as JSON, as a table and as charts. */
export function writeQuality(
  { out, plots }: { readonly out: string; readonly plots: string },
  machine: Readonly<Record<string, string | number>>,
  run: QualityRun,
): void {
  const path = `${out}quality.json`;
  const former = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { readonly runs: readonly QualityRun[] }).runs : [];
  const others = former.filter(({ contender, seed }) => contender !== run.contender || seed !== run.seed);
  const runs = [...others, run].sort((a, b) => a.contender.localeCompare(b.contender) || a.seed - b.seed);
  writeFileSync(path, `${JSON.stringify({ machine, runs }, undefined, 2)}\n`);
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  writeFileSync(`${out}quality.md`, `${facts.join(', ')}\n\n${qualityTable(runs)}\n`);
  for (const [name, svg] of qualityCharts(runs)) writeFileSync(`${plots}${name}`, svg);
}

const percent = (share: number): string => (100 * share).toFixed(1);
const minutesOf = (seconds: number): string => (seconds / 60).toFixed(1);

/** A row a run: its figures at the end, and when it reached each level. */
export function qualityTable(runs: readonly QualityRun[]): string {
  const levels = LEVELS.map((level) => ` to ${level} points and Spearman ${SPEARMAN}, minutes of processor (minutes) |`).join('');
  const lines = [
    `| space | seed | steps | minutes of processor | minutes | difference, points | Spearman | agreement, % |${levels} peak GiB | load | commit |`,
    `| --- | --: | --: | --: | --: | --: | --: | --: |${' --: |'.repeat(LEVELS.length)} --: | --: | --- |`,
  ];
  const when = (point: QualityPoint | undefined): string =>
    point === undefined ? 'not reached' : `${minutesOf(point.processorSeconds)} (${minutesOf(point.seconds)})`;
  for (const run of runs) {
    const last = run.points.at(-1)!;
    const levels = LEVELS.map((level) => ` ${when(reached(run, level))} |`).join('');
    const load = median(run.points.map((point) => point.load)).toFixed(1);
    lines.push(`| ${run.contender}${run.isOver ? '' : ', stopped'} | ${run.seed} | ${last.step} | ${minutesOf(last.processorSeconds)} | ${minutesOf(last.seconds)} | ${percent(last.difference)} | ${last.spearman.toFixed(2)} | ${percent(last.agreement)} |${levels} ${(run.peakBytes / 2 ** 30).toFixed(1)} | ${load} | ${run.taken.commit} |`); // prettier-ignore
  }
  return lines.join('\n');
}

const MEASURES: readonly { readonly key: keyof Verdict; readonly title: string; readonly axis: ChartAxis }[] = [
  {
    key: 'difference',
    title: 'Held-out networks: mean difference of accuracy',
    axis: { label: 'mean difference', format: 'percent', min: 0 },
  },
  { key: 'spearman', title: 'Held-out networks: order by accuracy', axis: { label: 'Spearman', max: 1 } },
  {
    key: 'agreement',
    title: 'Held-out networks: same answers as their targets',
    axis: { label: 'agreement', format: 'percent', min: 0, max: 1 },
  },
];

/** A chart for each measure, SVG by file name: a line a contender, the mean of its seeds. */
export function qualityCharts(runs: readonly QualityRun[]): ReadonlyMap<string, string> {
  const contenders = [...new Set(runs.map(({ contender }) => contender))];
  return new Map(
    MEASURES.map(({ key, title, axis }) => {
      const series = contenders.map((name) => ({ name: name.replace(' recipe', ''), points: meanCurve(runs.filter(({ contender }) => contender === name), key) })); // prettier-ignore
      const x = { label: 'minutes of processor time', scale: 'log' } as const;
      return [`bench-quality-${key}.svg`, chartSvg({ kind: 'chart', chart: 'line', title, x, y: axis, series })];
    }),
  );
}

/** Runs of one recipe look at the same steps: mean minutes and mean of the measure, as far as all of them go. */
function meanCurve(runs: readonly QualityRun[], key: keyof Verdict): (readonly [number, number])[] {
  const looks = Math.min(...runs.map(({ points }) => points.length));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from({ length: looks }, (_, look) => {
    const points = runs.map((run) => run.points[look]!);
    return [mean(points.map(({ processorSeconds }) => processorSeconds / 60)), mean(points.map((point) => point[key]))] as const;
  });
}
