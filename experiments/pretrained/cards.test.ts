import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

import { programOf } from '@netspace/testing/program-of';
import { describe, expect, it } from 'vitest';

import { root } from '../shared/root.js';

const names = readdirSync(join(root, 'pretrained'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const PRINTED: Readonly<Record<string, RegExp>> = {
  chairs: /[1-9]\d+ corners, [1-9]\d+ triangles/,
  classifiers: /lenet-like.*resnet32/s,
  digits: /lenet-like.*resnet8/s,
  seats: /seat-\d+ [1-9]\d+ corners, [1-9]\d+ triangles\nnearer/,
};
const cardProgram = (file: string): string => /```ts\n(.*?)```/s.exec(readFileSync(file, 'utf8'))![1]!;

describe.each(names)('the card of pretrained/%s', (name) => {
  const program = cardProgram(join(root, 'pretrained', name, 'card.md'));

  it('shows the program of its template', () => {
    expect(program).toBe(cardProgram(join(root, 'experiments/pretrained/cards', `${name}.md`)));
  });

  it('shows a program that runs from the repository, and prints', async () => {
    const folder = mkdtempSync(join(root, 'experiments/pretrained/card-')); // where the packages' sources are found
    try {
      writeFileSync(join(folder, 'program.ts'), program);
      const bundle = await programOf(relative(root, join(folder, 'program.ts')));
      const { stdout } = await promisify(execFile)(process.execPath, [bundle], { cwd: root });
      expect(stdout).toMatch(PRINTED[name]!);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
