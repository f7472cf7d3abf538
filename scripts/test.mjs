// `npm test`: installs, builds, checks and tests everything, then ends with the count. `npm test -- --only lint,unit` runs a part.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { ensureInstalled, root, show } from './bootstrap.mjs';
import { build, checks } from './checks.mjs';

/** The packages that vitest.config.ts sets limits of coverage for. */
const MEASURED = Object.keys(JSON.parse(readFileSync(`${root}scripts/least-branches.json`, 'utf8')));

/** How many things run at once: one more than two cores, as each waits for disks and browsers. Most unit tests take two of them (vitest.config.ts). */
const LANES = 3;
const LANES_OF_UNIT_TESTS = 2;

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : undefined;
const wanted = ({ name }) => only === undefined || only.includes(name.split(/[ /]/)[0]);
const total = { passed: 0, failed: 0, skipped: 0 };
const files = [];
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

const folders = readdirSync(`${root}packages`).map((name) => `packages/${name}/`);
const isMeasured = (folder) => MEASURED.some((name) => folder === `packages/${name}/`);
/** The packages that vitest.config.ts sets limits of coverage for; without, all else is faster. */
const measured = () => runVitest(['--coverage', '--maxWorkers=1', ...folders.filter(isMeasured)]);
const jobs = () => runVitest(['--project=jobs', '--maxWorkers=1']);
const others = () =>
  runVitest(['--project=!jobs', ...folders.filter((folder) => !isMeasured(folder)), 'golden/', 'testing/', 'bench/', 'experiments/']);

ensureInstalled();
if (wanted(build)) await report(build);
const waiting = checks.filter(wanted);
if (wanted({ name: 'unit' })) {
  // The longest first; what is left at the end is short.
  waiting.splice(1, 0, { name: 'unit tests of jobs', run: jobs }, { name: 'unit tests with coverage', run: measured });
  const checking = runChecks(LANES - LANES_OF_UNIT_TESTS);
  await others();
  await Promise.all([checking, runChecks(LANES_OF_UNIT_TESTS)]); // whichever is done first gives its lanes to what is left
  printSlowest(files);
} else {
  await runChecks(LANES);
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs checks that nobody has begun, so many at once, until none is left. */
async function runChecks(lanes) {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await report(next);
    }),
  );
}

async function report({ name, check, run }) {
  const started = Date.now();
  if (run !== undefined) return run(); // counts its tests itself
  const passed = await check();
  total[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds(Date.now() - started)})`);
}

function printSlowest(results) {
  console.log('Slowest test files:');
  const times = results.map(({ name, startTime, endTime }) => ({ name: relative(root, name), took: endTime - startTime }));
  for (const { name, took } of times.sort((a, b) => b.took - a.took).slice(0, 10)) console.log(`  ${seconds(took).padStart(8)}  ${name}`);
}

/** Runs vitest, and adds to the total and to the files what it says of them. */
async function runVitest(args) {
  const file = join(mkdtempSync(join(tmpdir(), 'netspace-test-')), 'vitest.json');
  const status = await show(`${root}node_modules/.bin/vitest`, [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const brokenFiles = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
  total.passed += numPassedTests;
  total.failed += numFailedTests + brokenFiles;
  total.skipped += numPendingTests + numTodoTests;
  // An error outside any test (an unhandled rejection, too little coverage) fails the run without failing a test.
  if (status !== 0 && numFailedTests + brokenFiles === 0) total.failed += 1;
  if (numPassedTests === 0) total.failed += 1;
  files.push(...testResults);
}
