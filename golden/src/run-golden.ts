import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { createChecks, describeError } from './checks.js';
import type { Miss } from './expectation.js';
import { openGoldenFile, type GoldenFile } from './golden-file.js';
import { GROUP_NAMES, GROUPS, isGroupName, type GroupName } from './groups/index.js';
import { parseManifest, type Manifest } from './manifest.js';
import { openNets } from './nets.js';

export interface GoldenOptions {
  /** Which groups to run; all unless given. */
  readonly groups?: readonly GroupName[] | undefined;
  /** Leaves out checks of more multiply-adds than this, saying so. */
  readonly maxSize?: number | undefined;
  readonly onMiss?: ((miss: Miss) => void) | undefined;
  readonly onGroup?: ((result: GroupResult) => void) | undefined;
}

export interface GroupResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Checks above `maxSize`. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
  readonly seconds: number;
}

export interface GoldenResult {
  readonly passed: number;
  readonly failed: number;
  readonly leftOut: number;
  readonly misses: readonly Miss[];
  readonly groups: readonly GroupResult[];
}

/**
 * Runs the checks of `golden/README.md` against a folder of vectors on the current backend. What is in the folder decides what is checked:
 * nothing about its networks, sizes or seeds is known here.
 *
 * A missing group, a file that is not the manifest's, and a tensor that no check asks for count as failures.
 *
 * @param directory holds `manifest.json` and the files that it lists
 */
export async function runGolden(
  directory: string,
  { groups = GROUP_NAMES, maxSize = Infinity, onMiss, onGroup }: GoldenOptions = {},
): Promise<GoldenResult> {
  const misses: Miss[] = [];
  const report = (miss: Miss): void => {
    misses.push(miss);
    onMiss?.(miss);
  };
  const results: GroupResult[] = [];
  const { manifest, files } = await openFolder(directory, groups, report);
  if (manifest !== undefined) {
    for (const name of groups.filter((group) => isRequired(group, manifest))) {
      const result = runGroup(name, manifest, files, maxSize, report);
      results.push(result);
      onGroup?.(result);
    }
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const leftOut = results.reduce((sum, result) => sum + result.leftOut.length, 0);
  if (passed === 0 && misses.length === 0) report(fault(directory, 'no check', 'at least one check'));
  return { passed, failed: misses.length, leftOut, misses, groups: results };
}

/** The folder's manifest and its files by group; whatever is wrong with them is reported. */
async function openFolder(
  directory: string,
  groups: readonly GroupName[],
  report: (miss: Miss) => void,
): Promise<{ readonly manifest: Manifest | undefined; readonly files: ReadonlyMap<string, GoldenFile> }> {
  const files = new Map<string, GoldenFile>();
  let manifest: Manifest;
  try {
    manifest = parseManifest(await readFile(join(directory, 'manifest.json'), 'utf8'));
  } catch (error) {
    report(fault(join(directory, 'manifest.json'), describeError(error), 'a manifest of golden vectors'));
    return { manifest: undefined, files };
  }
  const present = (await readdir(directory)).filter((name) => name.endsWith('.safetensors'));
  const required = groups.filter((group) => isRequired(group, manifest)).map((group) => `${group}.safetensors`);
  for (const name of new Set([...required, ...Object.keys(manifest.files), ...present])) {
    const group = name.replace(/\.safetensors$/, '');
    if (!isGroupName(group)) {
      report(fault(name, 'a file', 'no file that no check reads'));
      continue;
    }
    try {
      files.set(group, openGoldenFile(name, await readListed(directory, name, manifest)));
    } catch (error) {
      report(fault(name, describeError(error), "the manifest's file"));
    }
  }
  return { manifest, files };
}

/** Every group but that of the stored networks, where the manifest has none. */
const isRequired = (group: GroupName, { nets, files }: Manifest): boolean =>
  group !== 'nets' || 'nets.safetensors' in files || Object.values(nets).some(({ stored }) => stored);

async function readListed(directory: string, name: string, manifest: Manifest): Promise<Uint8Array> {
  const listed = manifest.files[name];
  if (listed === undefined) throw new Error('not in the manifest');
  const bytes = new Uint8Array(await readFile(join(directory, name)));
  if (bytes.length !== listed.bytes) throw new Error(`${bytes.length} bytes instead of ${listed.bytes}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== listed.sha256) throw new Error(`SHA-256 ${sha256} instead of ${listed.sha256}`);
  return bytes;
}

function runGroup(
  name: GroupName,
  manifest: Manifest,
  files: ReadonlyMap<string, GoldenFile>,
  maxSize: number,
  report: (miss: Miss) => void,
): GroupResult {
  const started = performance.now();
  const file = files.get(name);
  const leftOut: string[] = [];
  const notes: string[] = [];
  // A file that could not be opened has been reported; its group has nothing to run on.
  if (file === undefined) return { name, passed: 0, failed: 1, leftOut, notes, seconds: 0 };
  const checks = createChecks(name, file, report);
  const nets = openNets(manifest, () => {
    const stored = files.get('nets');
    if (stored === undefined) throw new Error('nets.safetensors: expected the stored networks, got no file');
    return stored;
  });
  const leaveOut = (check: string, size: number): boolean => {
    if (size <= maxSize) return false;
    leftOut.push(`${name}/${check}`);
    for (const tensor of file.names) if (tensor === check || tensor.startsWith(`${check}/`)) file.markUsed(tensor);
    return true;
  };
  const before = tf.memory().numTensors;
  checks.section('all', () => GROUPS[name]({ manifest, file, nets, checks, leaveOut, note: (text) => notes.push(text) }));
  for (const tensor of file.unused()) checks.fail(fault(`${name}/${tensor}`, 'no check that asks for it', 'every tensor to be used'));
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) checks.fail(fault(name, `${leaked} tensors more than before`, 'no leak'));
  if (checks.passed + checks.misses.length === 0 && leftOut.length === 0) checks.fail(fault(name, 'no check', 'at least one check'));
  const seconds = (performance.now() - started) / 1000;
  return { name, passed: checks.passed, failed: checks.misses.length, leftOut, notes, seconds };
}

const fault = (name: string, got: string, expected: string): Miss => ({ name, got, expected, tolerance: 'exact' });
