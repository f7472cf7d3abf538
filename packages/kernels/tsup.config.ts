import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { library } from '../../tsup.base.js';

/** Those that take the place of wrong ones. */
const mended = JSON.stringify(fileURLToPath(new URL('src/gradients/mended/index.ts', import.meta.url)));

const file = (path: string) => createRequire(import.meta.url).resolve(path);

/** The gradients of `tfjs-core`, with those of its ops that they call, in one file: as it is, Node cannot load that part of the package. */
const buildGradients = async () => {
  await build({
    // The package itself comes first: it makes the engine, in which the gradients are then registered.
    stdin: {
      contents: `import '@tensorflow/tfjs-core'; import './register_all_gradients.js'; import { mendGradients } from ${mended}; mendGradients();`,
      resolveDir: file('@tensorflow/tfjs-core').slice(0, -'tf-core.node.js'.length),
    },
    outfile: 'dist/gradients.js',
    bundle: true,
    external: ['@tensorflow/tfjs-core'],
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: '/*! TensorFlow.js, Copyright Google LLC, Apache License 2.0: see gradients.LICENSE */' },
  });
  // TensorFlow.js's packages have no copy of their license, the Apache License 2.0; TypeScript's is the same text.
  await copyFile(file('typescript/LICENSE.txt'), 'dist/gradients.LICENSE');
};

export default library({
  entry: {
    index: 'src/index.ts',
    internal: 'src/internal.ts',
    wasm: 'src/wasm/index.ts',
    tensorflow: 'src/tensorflow/index.ts',
    webgpu: 'src/webgpu/index.ts',
  },
  typesOf: ['src/gradients/index.ts'],
  onSuccess: buildGradients,
});
