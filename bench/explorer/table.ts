import type { ExplorerResult } from './explorer-result.js';

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0);

/** Three tables of Markdown: first visits, drags, frames. */
export function explorerTable(results: readonly ExplorerResult[]): string {
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
  ].join('\n');
}
