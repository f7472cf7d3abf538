import { readdirSync } from 'node:fs';

import { pnpm, root, run } from './bootstrap.mjs';

const exec = (...args) => pnpm(['exec', ...args], { quiet: true }) === 0;
const packages = readdirSync(`${root}packages`).sort();
const libraries = packages.filter((name) => name !== 'netspace'); // that one holds a command and no types
const examples = readdirSync(`${root}examples`)
  .filter((file) => file.endsWith('.ts'))
  .sort();

/** Everything `npm test` checks beside the unit tests, in order: what fails early fails fast. */
export const checks = [
  { name: 'build', check: () => pnpm(['run', 'build'], { quiet: true }) === 0 },
  { name: 'typecheck', check: () => exec('tsc', '--noEmit', '-p', 'tsconfig.json') },
  { name: 'lint eslint', check: () => exec('eslint', '.') },
  { name: 'lint prettier', check: () => exec('prettier', '--check', '--log-level', 'warn', '.') },
  { name: 'knip', check: () => exec('knip') },
  ...packages.map((name) => ({ name: `publint ${name}`, check: () => exec('publint', '--strict', `packages/${name}`) })),
  // The packages are ESM only, by design: what `require()` or node10 resolution would see does not matter.
  ...libraries.map((name) => ({ name: `attw ${name}`, check: () => exec('attw', '--profile', 'esm-only', '--pack', `packages/${name}`) })),
  { name: 'size-limit', check: () => exec('size-limit') },
  { name: 'docs typedoc', check: () => exec('typedoc') },
  { name: 'release dry run', check: () => run('node', ['scripts/release-dry-run.mjs'], { quiet: true }) === 0 },
  { name: 'packed', check: () => run('node', ['scripts/check-packed.mjs']) === 0 },
  { name: 'golden command', check: () => run('npm', ['run', '-s', 'golden'], { quiet: true }) === 0 },
  ...examples.map((file) => ({ name: `examples/${file}`, check: () => exec('tsx', `examples/${file}`) })),
];
