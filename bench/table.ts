import type { Result } from './result.js';

/** The results as a Markdown table: median, spread, peak memory, and the speed relative to PyTorch's plain step where it ran. */
export function renderTable(results: readonly Result[]): string {
  const lines = [
    '| what | runtime | median s | min–max s | peak GiB | against pytorch | commit |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const { scenario, taken, measurements, failures } of results) {
    const baseline = measurements.find(({ contender }) => contender === 'pytorch');
    for (const { contender, median, seconds, peakBytes } of measurements) {
      const ratio = baseline === undefined ? '' : `${(baseline.median / median).toFixed(2)}×`;
      const spread = `${format(Math.min(...seconds))}–${format(Math.max(...seconds))}`;
      lines.push(
        `| ${scenario.name} | ${contender} | ${format(median)} | ${spread} | ${(peakBytes / 2 ** 30).toFixed(1)} | ${ratio} | ${taken.commit} |`,
      );
    }
    for (const failure of failures) lines.push(`| ${scenario.name} | ${failure.replaceAll('\n', ' ').slice(0, 160)} | | | | | |`);
  }
  return lines.join('\n');
}

const format = (seconds: number): string => (seconds < 0.1 ? seconds.toFixed(4) : seconds.toFixed(2));
