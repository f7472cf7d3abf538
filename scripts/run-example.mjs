// `node scripts/run-example.mjs NAME.ts`: runs an example and compares what it prints with what its head says that it prints. Where the head
// says `Output, about:`, numbers that a training gives may differ, by 0.25 or a half: they depend on the runtime. All else has to be the same. An example whose head does not say it is
// only run, and so is one that needs a Chromium and finds none.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { root } from './bootstrap.mjs';

const NO_CHROMIUM = /no Chromium here/;
const NUMBER = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/** What the head of an example says, and whether its numbers are about right only. */
export function outputInHead(source) {
  const [, about, lines] = /^\/\/ Output(, about)?(?:, where there is a Chromium)?:\n((?:\/\/ {3}.*\n)+)/m.exec(source) ?? [];
  return lines === undefined ? undefined : { about: about !== undefined, text: lines.replaceAll(/^\/\/ {3}/gm, '').trimEnd() };
}

/** Whether two outputs are the same, but for numbers that may differ. */
export function isSameOutput(printed, { text, about }) {
  if (printed === text) return true;
  if (!about || printed.replaceAll(NUMBER, '#') !== text.replaceAll(NUMBER, '#')) return false;
  const [got, expected] = [printed, text].map((one) => (one.match(NUMBER) ?? []).map(Number));
  return got.every((value, i) => Math.abs(value - expected[i]) <= Math.max(0.25, Math.abs(expected[i]) / 2));
}

if (process.argv[1]?.endsWith('run-example.mjs')) {
  const [name] = process.argv.slice(2);
  const output = outputInHead(readFileSync(`${root}examples/${name}`, 'utf8'));
  const { status, stdout, stderr } = spawnSync(`${root}node_modules/.bin/tsx`, [`examples/${name}`], { cwd: root, encoding: 'utf8' });
  // What an example makes for others to find is made once, and said once.
  const printed = stdout.replaceAll(/^learn(?:ed|ing) .*\n/gm, '').trimEnd();
  if (status !== 0) {
    console.error(`${name} failed:\n${stderr}`);
    process.exitCode = 1;
  } else if (output === undefined || NO_CHROMIUM.test(printed) || isSameOutput(printed, output)) {
    console.log(printed);
  } else {
    console.error(`${name} printed\n${printed}\ninstead of what its head says:\n${output.text}`);
    process.exitCode = 1;
  }
}
