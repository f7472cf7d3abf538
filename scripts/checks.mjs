import { readdirSync, readFileSync } from 'node:fs';

import { pnpm, root, succeeds } from './bootstrap.mjs';

const tool = (name, ...args) => succeeds(`${root}node_modules/.bin/${name}`, args);
const examples = readdirSync(`${root}examples`)
  .filter((file) => file.endsWith('.ts'))
  .sort();
/** These take one space, which the first to run makes. */
const withSpace = examples.filter((file) => readFileSync(`${root}examples/${file}`, 'utf8').includes('digitsSpace('));
const example = (file) => succeeds('node', ['scripts/run-example.mjs', file]);
const inTurn = async (checks) => {
  for (const check of checks) if (!(await check())) return false;
  return true;
};

/** What all else reads: the packages, built. */
export const build = { name: 'build', check: () => Promise.resolve(pnpm(['run', 'build'], { quiet: true }) === 0) };

/** Everything else that `npm test` checks beside the unit tests. None waits for another, so several run at once; the longest come first. */
export const checks = [
  { name: 'packed', check: () => succeeds('node', ['scripts/check-packed.mjs']) },
  { name: `examples/${withSpace.join(', ')}`, check: () => inTurn(withSpace.map((file) => () => example(file))) },
  { name: 'docs', check: () => succeeds('node', ['scripts/docs.mjs', '--build']) },
  { name: 'lint eslint', check: () => tool('eslint', 'packages') },
  { name: 'lint oxlint', check: () => tool('oxlint') },
  ...examples.filter((file) => !withSpace.includes(file)).map((file) => ({ name: `examples/${file}`, check: () => example(file) })),
  { name: 'typecheck', check: () => succeeds('node', ['node_modules/typescript-7/bin/tsc', '--noEmit', '-p', 'tsconfig.json']) },
  { name: 'release dry run', check: () => succeeds('node', ['scripts/release-dry-run.mjs']) },
  { name: 'lint oxfmt', check: () => tool('oxfmt', '--list-different') },
  { name: 'json schemas', check: () => tool('tsx', 'scripts/json-schemas.ts', '--check') },
  { name: 'knip', check: () => tool('knip') },
  { name: 'fuzz', check: () => succeeds('node', ['scripts/fuzz.mjs', '--minutes', '0.15']) },
  { name: 'examples in doc comments', check: () => succeeds('node', ['scripts/doc-examples.mjs']) },
  { name: 'links', check: () => succeeds('node', ['scripts/check-links.mjs']) },
  { name: 'size-limit', check: () => tool('size-limit') },
];
