import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

import type { Measurement } from './measure.js';
import type { Scenario } from './scenario.js';
import { renderTable } from './table.js';

/** What the contenders took for one scenario, and which could not. */
export interface Result {
  readonly scenario: Scenario;
  readonly measurements: readonly Measurement[];
  readonly failures: readonly string[];
}

interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly results: readonly Result[];
}

/** What the figures depend on. */
export function machineFacts(threads: number, python: string | undefined): Report['machine'] {
  const output = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
  return {
    date: new Date().toISOString(),
    commit: output('git', ['rev-parse', '--short', 'HEAD']),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    threads,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    ...(python !== undefined && { pytorch: output(python, ['-c', 'import torch; print(torch.__version__)']) }),
  };
}

/** Writes `PATH.json` with every single time, and `PATH.md` with the table. */
export function writeResults(path: string, report: Report): void {
  writeFileSync(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  const facts = Object.entries(report.machine).map(([key, value]) => `${key} ${value}`);
  writeFileSync(`${path}.md`, `${facts.join(', ')}\n\n${renderTable(report.results)}\n`);
}
