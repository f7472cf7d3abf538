import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

import type { Result } from './result.js';
import { renderTable } from './table.js';

interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly results: readonly Result[];
}

const output = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();

export const taken = (): Result['taken'] => ({ date: new Date().toISOString(), commit: output('git', ['rev-parse', '--short', 'HEAD']) });

/** What the figures depend on. */
export const machineFacts = (threads: number, python: string | undefined): Report['machine'] => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  threads,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  ...(python !== undefined && { pytorch: output(python, ['-c', 'import torch; print(torch.__version__)']) }),
});

/**
 * Writes `PATH.json` with every single time, and `PATH.md` with the table. Results of other scenarios that the file holds stay.
 *
 * @returns all that the file holds now
 */
export function writeResults(path: string, { machine, results }: Report): readonly Result[] {
  const earlier = existsSync(`${path}.json`) ? (JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Report).results : [];
  const fresh = new Map(results.map((result) => [result.scenario.name, result]));
  const kept = earlier.map(({ scenario }, i) => fresh.get(scenario.name) ?? earlier[i]!);
  const names = new Set(kept.map(({ scenario }) => scenario.name));
  const all = [...kept, ...results.filter(({ scenario }) => !names.has(scenario.name))];
  writeFileSync(`${path}.json`, `${JSON.stringify({ machine, results: all }, null, 2)}\n`);
  const facts = Object.entries(machine).map(([key, value]) => `${key} ${value}`);
  writeFileSync(`${path}.md`, `${facts.join(', ')}\n\n${renderTable(all)}\n`);
  return all;
}
