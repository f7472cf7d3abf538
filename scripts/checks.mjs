import { readdirSync, readFileSync } from 'node:fs';

import { build as buildPackages, root, succeeds } from './bootstrap.mjs';

const tool = (name, ...args) => succeeds(`${root}node_modules/.bin/${name}`, args);
const oneThread = JSON.parse(readFileSync(`${root}scripts/one-thread.json`, 'utf8'));
const examples = readdirSync(`${root}examples`)
  .filter((file) => file.endsWith('.ts'))
  .sort();
/** These take one space, which the first to run makes. */
const withSpace = examples.filter((file) => readFileSync(`${root}examples/${file}`, 'utf8').includes('digitsSpace('));
/** On one thread: several checks run at once, and threads of each would spin on cores that the others need. */
const example = (file) => succeeds('node', ['scripts/run-example.mjs', file], oneThread);
const inTurn = async (checks) => {
  for (const check of checks) if (!(await check())) return false;
  return true;
};

/** What all else reads: the packages, built. */
export const build = { name: 'build', check: () => Promise.resolve(buildPackages({ quiet: true }) === 0) };

/**
 * Everything else that `npm test` checks beside the unit tests. None waits for another, so several run at once; the longest come first. Those that
 * need nothing but the packages begin before the machine is provided with browsers and runtimes.
 */
export const checks = [
  { name: 'packed', check: (isBuilt) => succeeds('node', ['scripts/check-packed.mjs', ...(isBuilt ? ['--built'] : [])]) },
  { name: `examples/${withSpace.join(', ')}`, check: () => inTurn(withSpace.map((file) => () => example(file))) },
  { name: 'docs', needsNothing: true, check: () => succeeds('node', ['scripts/docs.mjs', '--build']) },
  { name: 'lint eslint', needsNothing: true, check: () => tool('eslint', 'packages') },
  { name: 'lint oxlint', needsNothing: true, check: () => tool('oxlint') },
  ...examples.filter((file) => !withSpace.includes(file)).map((file) => ({ name: `examples/${file}`, check: () => example(file) })),
  {
    name: 'typecheck',
    needsNothing: true,
    check: () => succeeds('node', ['node_modules/typescript-7/bin/tsc', '--noEmit', '-p', 'tsconfig.json']),
  },
  { name: 'release dry run', needsNothing: true, check: () => succeeds('node', ['scripts/release-dry-run.mjs']) },
  { name: 'lint oxfmt', needsNothing: true, check: () => tool('oxfmt', '--list-different') },
  { name: 'json schemas', needsNothing: true, check: () => tool('tsx', 'scripts/json-schemas.ts', '--check') },
  { name: 'knip', needsNothing: true, check: () => tool('knip') },
  { name: 'fuzz', check: () => succeeds('node', ['scripts/fuzz.mjs', '--minutes', '0.15']) },
  { name: 'examples in doc comments', check: () => succeeds('node', ['scripts/doc-examples.mjs']) },
  { name: 'links', needsNothing: true, check: () => succeeds('node', ['scripts/check-links.mjs']) },
  { name: 'size-limit', needsNothing: true, check: () => tool('size-limit') },
];
