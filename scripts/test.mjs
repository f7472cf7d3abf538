// `npm test`: installs, builds, checks and tests everything, then ends with the count. `npm test -- --only lint,unit` runs a part.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureInstalled, pnpm } from './bootstrap.mjs';
import { checks } from './checks.mjs';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : undefined;
const wanted = (name) => only === undefined || only.includes(name.split(' ')[0]);
const total = { passed: 0, failed: 0, skipped: 0 };

ensureInstalled();

for (const { name, check } of checks.filter(({ name }) => wanted(name))) {
  const started = Date.now();
  const passed = check();
  total[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

if (wanted('unit')) {
  const report = join(mkdtempSync(join(tmpdir(), 'netspace-test-')), 'vitest.json');
  const status = pnpm(['exec', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
  total.passed += numPassedTests;
  total.failed += numFailedTests + brokenFiles;
  total.skipped += numPendingTests + numTodoTests;
  // An error outside any test (an unhandled rejection, say) fails the run without failing a test.
  if (status !== 0 && numFailedTests + brokenFiles === 0) total.failed += 1;
  if (numPassedTests === 0) total.failed += 1;
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
