import tseslint from 'typescript-eslint';

// A package imports only what stands to its left; see ARCHITECTURE.md.
const ARROWS = {
  prep: [],
  kernels: [],
  formats: ['prep'],
  onnx: ['prep', 'formats'],
  losses: ['prep'],
  model: ['prep', 'formats'],
  zoo: ['prep', 'formats'],
  shapes: ['prep', 'formats', 'zoo'],
  train: ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model'],
  explore: ['prep', 'formats', 'zoo', 'losses', 'model'],
  report: ['prep', 'formats', 'zoo', 'losses', 'model', 'explore', 'shapes'],
  explorer: ['prep', 'formats', 'onnx', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'kernels'],
  queue: ['prep'],
  node: ['prep', 'formats', 'onnx', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'explorer', 'kernels', 'queue'],
};
const PACKAGES = Object.keys(ARROWS);
const forbiddenImports = (name) => [
  ...PACKAGES.filter((other) => !ARROWS[name].includes(other)).map((other) => ({
    regex: `^@netspace/${other}(/|$)`,
    message:
      other === name
        ? 'Import within a package by a relative path.'
        : `@netspace/${name} stands left of @netspace/${other} (ARCHITECTURE.md).`,
  })),
  ...(name === 'node'
    ? []
    : [
        {
          regex: '^node:|^(fs|path|os|url|crypto|child_process|worker_threads|util|stream|module)(/|$)',
          message: 'Only @netspace/node may import Node modules: the libraries also run in browsers.',
        },
      ]),
  { regex: '^@netspace/(testing|golden)$', message: 'Test helpers belong in tests.' },
];

// Reading at once waits for the device, and webgpu in Node cannot do it.
const READS_AT_ONCE = [
  'packages/prep/src/checks/guard.ts', // looks only where tensors lie in this program's memory
  'packages/losses/src/networks/route.ts', // which network runs is decided inside a gradient, which cannot wait for a promise
];
const noReadingAtOnce = {
  files: ['packages/*/src/**/*.{ts,tsx}'],
  ignores: ['**/testing/**', ...READS_AT_ONCE],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: 'CallExpression[callee.property.name=/^(?:data|array|buffer)Sync$/]',
        message: 'Read with `await tensor.data()`: this waits for the device, and webgpu in Node cannot do it.',
      },
    ],
  },
};

const arrowRules = PACKAGES.map((name) => ({
  files: [`packages/${name}/src/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: forbiddenImports(name) }],
    ...(name === 'node'
      ? {}
      : {
          'no-restricted-globals': [
            'error',
            ...['process', 'Buffer', '__dirname', 'require'].map((global) => ({
              name: global,
              message: 'Only @netspace/node may use Node globals.',
            })),
          ],
        }),
  },
}));

// The rules of this house alone, which need no types. Those that need them, and all that are common, are oxlint's: .oxlintrc.json.
export default [
  { ignores: ['**/dist/**', '**/fixtures/**', '.cache/**', '**/*.test.ts', '**/*.test-d.ts'] }, // no rule here looks at tests
  { files: ['**/*.{ts,tsx}'], languageOptions: { parser: tseslint.parser }, linterOptions: { reportUnusedDisableDirectives: 'off' } },
  ...arrowRules,
  noReadingAtOnce,
];
