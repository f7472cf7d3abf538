// `npm test`: installs, builds, checks and tests everything, then ends with the count. `npm test -- --only lint,unit` runs a part. With `--provide`,
// as .ci/run calls it, .ci/provide runs beside the installation, the build and the checks that need nothing of it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { ensureInstalled, root, show } from './bootstrap.mjs';
import { build, checks } from './checks.mjs';

/** The packages that vitest.config.ts sets limits of coverage for. */
const MEASURED = Object.keys(JSON.parse(readFileSync(`${root}scripts/least-branches.json`, 'utf8')));

/** How many things run at once: one more than two cores, as each waits for disks and browsers. */
const LANES = 3;

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : undefined;
const wanted = ({ name }) => only === undefined || only.includes(name.split(/[ /]/)[0]);
const total = { passed: 0, failed: 0, skipped: 0 };
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const results = [];

/** What several test files need is made once, in here: testing/made-once.ts. */
const shared = mkdtempSync(join(tmpdir(), 'netspace-tests-'));
process.env.NETSPACE_TEST_SHARED = shared;
process.once('exit', () => rmSync(shared, { recursive: true, force: true }));

const providing = process.argv.includes('--provide');
const machine = providing ? show(`${root}.ci/provide`, ['machine']) : undefined;
ensureInstalled();
const provided = providing ? report({ name: 'provide', check: provide }) : Promise.resolve();
if (wanted(build)) await report(build);
await runAll([...unitTests().filter(wanted), ...checks.filter(wanted)]);
if (results.length > 0) printSlowest(results);

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** The rest of what tests need, when the machine's part is there and the workspace is installed. */
async function provide() {
  const statuses = [await machine, await show(`${root}.ci/provide`, ['native'])];
  // The native runtime has just been installed here: so can be the one that a test builds for itself.
  if (existsSync(join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'netspace/native'))) process.env.NETSPACE_TEST_NATIVE = '1';
  return statuses.every((status) => status === 0);
}

/** Runs jobs in their order, as many at once as there are lanes. Those that need what is being provided begin when it is there. */
function runAll(waiting) {
  let [free, areProvided] = [LANES, false];
  return new Promise((resolve, reject) => {
    const begin = () => {
      for (;;) {
        const next = waiting.find(({ needsNothing }) => areProvided || needsNothing);
        const { lanes = 1 } = next ?? {};
        if (next === undefined || lanes > free) break;
        waiting.splice(waiting.indexOf(next), 1);
        free -= lanes;
        (next.run?.() ?? report(next)).then(() => {
          free += lanes;
          begin();
        }, reject);
      }
      if (waiting.length === 0 && free === LANES) resolve();
    };
    provided.then(() => {
      areProvided = true;
      begin();
    }, reject);
    begin();
  });
}

async function report({ name, check }) {
  const started = Date.now();
  const passed = await check(wanted(build));
  total[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds(Date.now() - started)})`);
}

/** Vitest with coverage for the packages that vitest.config.ts sets limits for, and without, which is faster, for all else: in parts, so that no lane is left over at the end. */
function unitTests() {
  const folders = readdirSync(`${root}packages`).map((name) => `packages/${name}/`);
  const isMeasured = (folder) => MEASURED.some((name) => folder === `packages/${name}/`);
  const others = folders.filter((folder) => !isMeasured(folder));
  return [
    { name: 'unit', lanes: 2, run: () => runVitest([...others, '--maxWorkers=2']) },
    { name: 'unit', lanes: 1, run: () => runVitest(['--coverage', ...folders.filter(isMeasured), '--maxWorkers=1']) },
    { name: 'unit', lanes: 1, run: () => runVitest(['golden/', 'testing/', 'bench/', 'experiments/', '--maxWorkers=1']) },
  ];
}

function printSlowest() {
  console.log('Slowest test files:');
  const times = results.map(({ name, startTime, endTime }) => ({ name: relative(root, name), took: endTime - startTime }));
  for (const { name, took } of times.sort((a, b) => b.took - a.took).slice(0, 10)) console.log(`  ${seconds(took).padStart(8)}  ${name}`);
}

/** Runs vitest, adds to the total and keeps what it says of each file. */
async function runVitest(args) {
  const file = join(mkdtempSync(join(tmpdir(), 'netspace-test-')), 'vitest.json');
  const status = await show(`${root}node_modules/.bin/vitest`, [
    'run',
    ...args,
    '--experimental.fsModuleCache', // the projects of vitest.config.ts, and both runs, transform most sources once
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
  results.push(...testResults);
}
