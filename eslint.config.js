import tseslint from 'typescript-eslint';

// A package imports only what stands to its left; see ARCHITECTURE.md.
const ARROWS = {
  prep: [],
  kernels: [],
  formats: ['prep'],
  losses: ['prep'],
  model: ['prep', 'formats'],
  zoo: ['prep', 'formats'],
  shapes: ['prep', 'formats', 'zoo'],
  train: ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model'],
  explore: ['prep', 'formats', 'zoo', 'losses', 'model'],
  report: ['prep', 'formats', 'zoo', 'losses', 'model', 'explore', 'shapes'],
  explorer: ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'kernels'],
  node: ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'explorer', 'kernels'],
};
const PACKAGES = Object.keys(ARROWS);
const TESTS = [
  '**/*.test.ts',
  '**/*.test-d.ts',
  'testing/**',
  'golden/**',
  'bench/**',
  'examples/**',
  'experiments/**',
  'scripts/**',
  '**/*.config.ts',
  'tsup.base.ts',
];

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
  'packages/prep/src/guard.ts', // looks only where tensors lie in this program's memory
  'packages/losses/src/networks/route.ts', // which network runs is decided inside a gradient, which cannot wait for a promise
];
const noReadingAtOnce = {
  files: ['packages/*/src/**/*.{ts,tsx}'],
  ignores: ['**/*.test.ts', '**/*.test-d.ts', '**/testing/**', ...READS_AT_ONCE],
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
  ignores: ['**/*.test.ts', '**/*.test-d.ts'],
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

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'out/**', 'docs/**', '**/fixtures/**', '**/.turbo/**', '.cache/**', '**/.venv/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // Indexing typed arrays in bounds-checked loops needs `!` under noUncheckedIndexedAccess.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // There are no enums here and next to no classes: these two took 40 % of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // tfjs returns the general tensor type from most calls; saying the rank we know is what assertions are for there.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // `interface XOptions extends GivenBy<typeof xOptions> {}`: an options type has a name and its description's doc comments.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  ...arrowRules,
  noReadingAtOnce,
  {
    files: TESTS,
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
);
