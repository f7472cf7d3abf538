// `npm test`: installs, builds, checks and tests everything, then ends with the count. `npm test -- --only lint,unit` runs a part.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { ensureInstalled, root, show } from './bootstrap.mjs';
import { build, checks } from './checks.mjs';

/** The packages that vitest.config.ts sets limits of coverage for. */
const MEASURED = Object.keys(JSON.parse(readFileSync(`${root}scripts/least-branches.json`, 'utf8')));

/** How many things run at once: one more than two cores, as each waits for disks and browsers. Unit tests take two of them (vitest.config.ts). */
const LANES = 3;
const LANES_OF_UNIT_TESTS = 2;

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : undefined;
const wanted = ({ name }) => only === undefined || only.includes(name.split(/[ /]/)[0]);
const total = { passed: 0, failed: 0, skipped: 0 };
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

ensureInstalled();
if (wanted(build)) await report(build);
const waiting = checks.filter(wanted);
if (wanted({ name: 'unit' })) {
  const checking = runChecks(LANES - LANES_OF_UNIT_TESTS);
  const results = await runUnitTests();
  await Promise.all([checking, runChecks(LANES_OF_UNIT_TESTS)]); // whichever is done first gives its lanes to what is left
  printSlowest(results);
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

async function report({ name, check }) {
  const started = Date.now();
  const passed = await check();
  total[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds(Date.now() - started)})`);
}

/** Vitest twice: with coverage for the packages that vitest.config.ts sets limits for, and without, which is faster, for all else. */
async function runUnitTests() {
  const folders = readdirSync(`${root}packages`).map((name) => `packages/${name}/`);
  const isMeasured = (folder) => MEASURED.some((name) => folder === `packages/${name}/`);
  const others = [...folders.filter((folder) => !isMeasured(folder)), 'golden/', 'testing/', 'bench/', 'experiments/'];
  return [...(await runVitest(others)), ...(await runVitest(['--coverage', ...folders.filter(isMeasured)]))];
}

function printSlowest(results) {
  console.log('Slowest test files:');
  const times = results.map(({ name, startTime, endTime }) => ({ name: relative(root, name), took: endTime - startTime }));
  for (const { name, took } of times.sort((a, b) => b.took - a.took).slice(0, 10)) console.log(`  ${seconds(took).padStart(8)}  ${name}`);
}

/** Runs vitest, adds to the total and returns what it says of each file. */
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
  return testResults;
}
