import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installedTfjsNodes } from './tfjs-node-places.js';

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'netspace-foreign-'));
  const directory = join(project, 'node_modules', '@tensorflow', 'tfjs-node');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"name": "@tensorflow/tfjs-node", "version": "4.22.0", "main": "index.js"}');
  mkdirSync(join(project, 'data', 'deep'), { recursive: true });
});
afterAll(() => rmSync(project, { recursive: true }));

const inFolder = <T>(folder: string, task: () => T): T => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return task();
  } finally {
    process.chdir(before);
  }
};
const directories = () => installedTfjsNodes('cpu').map(({ directory }) => directory);
const foreign = (found: readonly string[]) => found.filter((directory) => directory.includes('netspace-foreign-'));

describe('installedTfjsNodes', () => {
  it.each(['.', 'data/deep'])('does not look in the working directory or above it: %s', (folder) => {
    expect(foreign(inFolder(join(project, folder), directories))).toEqual([]);
  });

  it('looks beside the program that runs, and where the user says', () => {
    const program = process.argv[1];
    try {
      process.argv[1] = join(project, 'main.js');
      expect(foreign(directories())).toHaveLength(1);
    } finally {
      process.argv[1] = program!;
    }
    try {
      process.env['NETSPACE_TFJS_NODE'] = join(project, 'data');
      expect(foreign(directories())).toHaveLength(1);
    } finally {
      delete process.env['NETSPACE_TFJS_NODE'];
    }
  });
});
