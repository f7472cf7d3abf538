import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build, type Plugin } from 'esbuild';

import { library } from '../../tsup.base.js';

const file = (name: string) => createRequire(import.meta.url).resolve(`manifold-3d/${name}`);

// manifold's own glue imports `node:module` and fetches its WebAssembly by an address, which webpack and esbuild refuse or warn of.
// Here both are left out and the WebAssembly is put into the file, so that one file runs in Node and behind every bundler.
const EDITS = [
  [/if\(ENVIRONMENT_IS_NODE\)\{/g, 'if(false){', 2],
  [/new URL\("manifold\.wasm",import\.meta\.url\)\.href/g, '"manifold.wasm"', 1],
  [/import\.meta\.url/g, '""', 2],
  [/export default Module;/g, '', 1],
] as const;

const selfContained = (glue: string, wasm: Buffer) => {
  const edited = EDITS.reduce((code, [pattern, replacement, times]) => {
    const found = code.match(pattern)?.length ?? 0;
    if (found !== times) throw new Error(`manifold-3d has changed: expected ${pattern} ${times} times in manifold.js, found ${found}`);
    return code.replaceAll(pattern, replacement);
  }, glue);
  return `${edited}
const compressed = Uint8Array.from(atob("${gzipSync(wasm, { level: 9 }).toString('base64')}"), (c) => c.charCodeAt(0));
export default async () => {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return Module({ wasmBinary: await new Response(stream).arrayBuffer() });
};`;
};

const buildManifold = async () => {
  await build({
    stdin: { contents: selfContained(await readFile(file('manifold.js'), 'utf8'), await readFile(file('manifold.wasm'))) },
    outfile: 'dist/manifold.js',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    banner: { js: '/*! manifold, https://github.com/elalish/manifold, Apache License 2.0: see manifold.LICENSE */' },
  });
  await copyFile(new URL('LICENSE', pathToFileURL(file('manifold.js'))), 'dist/manifold.LICENSE');
};

// Of glTF-Transform only what reads in a browser: its reader of files imports `node:fs`, which bundlers refuse.
const buildGltf = async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { Logger, WebIO } from '@gltf-transform/core';", resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['node:fs', 'node:path'],
    banner: { js: '/*! glTF-Transform, https://github.com/donmccurdy/glTF-Transform, MIT License: see gltf.LICENSE */' },
    write: false,
  });
  const code = outputFiles[0]!.text;
  if (/import\("node:|from"node:/.test(code))
    throw new Error('glTF-Transform has changed: what reads in a browser imports node: modules now');
  await writeFile('dist/gltf.js', code);
  const main = createRequire(import.meta.url).resolve('@gltf-transform/core');
  await copyFile(join(main.slice(0, main.indexOf('/dist/')), 'LICENSE.md'), 'dist/gltf.LICENSE');
};

const besideIt: Plugin = {
  name: 'beside-it',
  setup({ onResolve }) {
    onResolve({ filter: /^manifold-3d$/ }, () => ({ path: './manifold.js', external: true }));
    onResolve({ filter: /^@gltf-transform\/core$/ }, () => ({ path: './gltf.js', external: true }));
  },
};

export default library({
  entry: ['src/index.ts', 'src/internal.ts'],
  noExternal: ['manifold-3d', '@gltf-transform/core'],
  esbuildPlugins: [besideIt],
  onSuccess: async () => {
    await buildManifold();
    await buildGltf();
  },
});
