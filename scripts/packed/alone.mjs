import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, lstatSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { exec } from './processes.mjs';

/** What the command may take on a disk, in MB, with all that it brings; it takes 108. See docs/decisions/small-install.md. */
const MOST_MEGABYTES = 130;

/** Trains, draws and reads back with nothing but what the command brings: the gradients and the charts are parts of other packages, built in. */
const PROGRAM = `
import * as tf from '@tensorflow/tfjs-core';
import { selectRuntime } from '@netspace/node';
import { chartSvg } from '@netspace/report';

await selectRuntime();
const image = tf.ones([1, 4, 4, 1]);
const gradient = tf.grad((w) => tf.sum(tf.conv2d(image, w, 1, 'same')))(tf.ones([3, 3, 1, 1]));
const svg = chartSvg({ kind: 'chart', chart: 'line', x: { label: 'step' }, y: { label: 'loss' }, series: [{ name: 'run', points: [[0, 1], [9, 0]] }] });
console.log(tf.getBackend(), (await gradient.data()).join(' '), svg.startsWith('<svg'));
`;

/** `npm install netspace` and nothing more, as most people begin: small, and works. */
export async function alone({ parent, tarballs }) {
  const folder = join(parent, 'alone');
  mkdirSync(folder);
  // npm would look for the packages that netspace names in its registry, where they are not yet: overrides send it to the tarballs.
  const { netspace, ...others } = tarballs;
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: { netspace }, overrides: others }),
  );
  await exec('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, timeout: 600_000 });
  const errors = [];
  const sizes = packagesIn(join(folder, 'node_modules')).sort((a, b) => b.megabytes - a.megabytes);
  const total = sizes.reduce((sum, { megabytes }) => sum + megabytes, 0);
  if (total > MOST_MEGABYTES) {
    const heaviest = sizes.slice(0, 8).map(({ name, megabytes }) => `${name} ${megabytes.toFixed(0)}`);
    errors.push(`expected netspace to install in at most ${MOST_MEGABYTES} MB, got ${total.toFixed(0)}: ${heaviest.join(', ')}`);
  }
  writeFileSync(join(folder, 'program.js'), PROGRAM);
  for (const runtime of ['wasm', 'cpu']) {
    const printed = await exec(process.execPath, ['program.js'], { cwd: folder, env: { NETSPACE_RUNTIME: runtime } });
    const expected = `${runtime} 9 12 9 12 16 12 9 12 9 true`; // a sum of ones: the number of places at which each tap meets the image
    if (printed.trim() !== expected) errors.push(`the program alone on ${runtime} printed\n${printed.trim()}\ninstead of\n${expected}`);
  }
  const native = await verifyNative(folder);
  if (native.error !== undefined) errors.push(native.error);
  return {
    done: `netspace alone: ${total.toFixed(0)} MB in ${sizes.length} packages, trains on wasm and cpu, draws; ${native.done}`,
    errors,
  };
}

/** What `netspace runtime install` does at its end, with the runtime of this machine, where TensorFlow.js is not there as a whole. */
async function verifyNative(folder) {
  const runtime = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'netspace/native/cpu/node_modules/@tensorflow/tfjs-node',
  );
  if (!existsSync(runtime)) return { done: 'no native runtime here to verify' };
  const child = fork(join(folder, 'node_modules/@netspace/node/dist/runtime/provision/verify-main.js'), [runtime], {
    cwd: folder,
    silent: true,
  });
  let [facts, printed] = [undefined, ''];
  child.on('message', (message) => (facts = message));
  child.stderr.on('data', (chunk) => (printed += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  const isRight = facts !== undefined && facts.error < 1e-5;
  const error = `the native runtime without @tensorflow/tfjs: expected a convolution as on cpu, got ${JSON.stringify(facts)}\n${printed.slice(-2000)}`;
  return { done: 'the native runtime computes', ...(!isRight && { error }) };
}

/** Each package below a node_modules, with the megabytes of its files. */
const packagesIn = (modules) =>
  readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name]))
    .map((name) => ({ name, megabytes: bytesIn(join(modules, name)) / 1e6 }));

const bytesIn = (path) => {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
};
