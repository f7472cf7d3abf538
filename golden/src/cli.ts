import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { RUNTIME_NAMES, selectRuntime } from '@netspace/node';

import { describeError } from './checks.js';
import { GROUP_NAMES, isGroupName, type GroupName } from './groups/index.js';
import { runGolden, type GroupResult } from './run-golden.js';

/** The cpu backend computes some 10⁸ multiply-adds a second: what would take minutes there is left to faster runtimes. */
const CPU_MILLIONS = 4000;

const USAGE = `npm run -s golden -- [DIR] [--runtime NAME] [--groups A,B] [--max-size N]

Runs the checks of golden/README.md against the vectors in DIR (golden/data unless given).

  --runtime   ${RUNTIME_NAMES.join(', ')}: the fastest that works here unless given
  --groups    some of ${GROUP_NAMES.join(', ')}
  --max-size  leave out checks of more than N million multiply-adds (${CPU_MILLIONS} on cpu, no limit elsewhere)
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runtime: { type: 'string' },
      groups: { type: 'string' },
      'max-size': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length > 1) throw new Error(`expected one folder, got ${positionals.join(' ')}`);
  const groups = values.groups === undefined ? undefined : values.groups.split(',').map(parseGroup);
  const runtime = await selectRuntime({ prefer: values.runtime === undefined ? undefined : parseRuntime(values.runtime) });
  const maxSize = 1e6 * parseMillions(values['max-size'] ?? (runtime.name === 'cpu' ? `${CPU_MILLIONS}` : 'Infinity'));
  const directory = locate(positionals[0]);
  console.log(`${directory} on ${runtime.name} (${runtime.version}, ${runtime.device})`);

  const result = await runGolden(directory, {
    groups,
    maxSize,
    onMiss: ({ name, got, expected, tolerance }) => console.log(`MISS ${name}: got ${got}, expected ${expected}, tolerance ${tolerance}`),
    onGroup: printGroup,
  });
  if (result.leftOut > 0) {
    console.log(`${result.leftOut} cases above ${maxSize / 1e6} million multiply-adds left to faster runtimes (--max-size)`);
  }
  console.log(`${result.passed} passed, ${result.failed} failed`);
  return result.failed === 0 && result.passed > 0 ? 0 : 1;
}

function printGroup({ name, passed, failed, leftOut, notes, seconds }: GroupResult): void {
  console.log(`${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`);
  for (const check of leftOut) console.log(`  left out: ${check}`);
  for (const text of notes) console.log(`  note: ${text}`);
}

/** A folder as the caller sees it: npm runs scripts in the package's root and keeps the caller's folder in INIT_CWD. */
function locate(given: string | undefined): string {
  if (given === undefined) return fileURLToPath(new URL('../data', import.meta.url));
  const fromCaller = resolve(process.env['INIT_CWD'] ?? '.', given);
  return existsSync(fromCaller) ? fromCaller : resolve(given);
}

function parseGroup(name: string): GroupName {
  if (isGroupName(name)) return name;
  throw new Error(`expected --groups to be some of ${GROUP_NAMES.join(', ')}, got ${name}`);
}

function parseRuntime(name: string): (typeof RUNTIME_NAMES)[number] {
  const found = RUNTIME_NAMES.find((known) => known === name);
  if (found === undefined) throw new Error(`expected --runtime to be one of ${RUNTIME_NAMES.join(', ')}, got ${name}`);
  return found;
}

function parseMillions(text: string): number {
  const millions = Number(text);
  if (text.trim() !== '' && millions >= 0) return millions;
  throw new Error(`expected --max-size to be a number of million multiply-adds, got ${text}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`golden: ${describeError(error)}`);
  process.exitCode = 1;
}
