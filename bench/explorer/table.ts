import type { ExplorerResults } from './explorer-result.js';

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const MOTIONS = ['cursor', 'hover', 'pan', 'zoom'] as const;
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0);

/** Tables of Markdown: first visits, drags, frames, maps of many networks. */
export function explorerTable({ results, crowds }: ExplorerResults): string {
  const visits = results.map(({ space, visit: { paintMs, readyMs, pageBytes, folderBytes } }) =>
    [space, ms(paintMs), ms(readyMs), kilobytes(pageBytes), kilobytes(folderBytes)].join(' | '),
  );
  const drags = results.flatMap(({ space, drags: all }) =>
    all.map(({ what, total, parts }) => {
      const words = Object.entries(parts).map(([part, value]) => `${part} ${ms(value)}`);
      return [space, what, ms(total.median), ms(total.p95), ms(total.least), words.join(', ')].join(' | ');
    }),
  );
  const frames = results.map(({ space, frames: { seconds, frames: count, above100, longestMs } }) =>
    [space, (count / seconds).toFixed(0), above100, ms(longestMs)].join(' | '),
  );
  const many = crowds.map(({ networks, drawnBy, paintMs, readyMs, frames: all }) => {
    const each = MOTIONS.map((motion) => `${(all[motion].frames / all[motion].seconds).toFixed(0)} (${ms(all[motion].longestMs)})`);
    return [networks.toLocaleString('en'), drawnBy, ms(paintMs), ms(readyMs), ...each].join(' | ');
  });
  return [
    '| space | first network drawn, ms | ready, ms | page, kB compressed | folder, kB |',
    '| --- | --- | --- | --- | --- |',
    ...visits.map((row) => `| ${row} |`),
    '',
    '| space | from place to picture | median ms | p95 | least | in the worker, medians |',
    '| --- | --- | --- | --- | --- | --- |',
    ...drags.map((row) => `| ${row} |`),
    '',
    '| space | frames a second while dragging | tasks above 100 ms | longest, ms |',
    '| --- | --- | --- | --- |',
    ...frames.map((row) => `| ${row} |`),
    '',
    `| networks | drawn by | first drawn, ms | ready, ms | ${MOTIONS.map((motion) => `${motion}: frames a second (longest task, ms)`).join(' | ')} |`,
    `| ${Array(4 + MOTIONS.length)
      .fill('---')
      .join(' | ')} |`,
    ...many.map((row) => `| ${row} |`),
  ].join('\n');
}
