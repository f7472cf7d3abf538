import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { root } from '../shared/root.js';

const names = readdirSync(join(root, 'pretrained'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const PRINTED: Readonly<Record<string, RegExp>> = {
  chairs: /[1-9]\d+ corners, [1-9]\d+ triangles/,
  classifiers: /lenet-like.*resnet32/s,
  digits: /lenet-like.*resnet8/s,
};
const programOf = (file: string): string => /```ts\n(.*?)```/s.exec(readFileSync(file, 'utf8'))![1]!;

describe.each(names)('the card of pretrained/%s', (name) => {
  const program = programOf(join(root, 'pretrained', name, 'card.md'));

  it('shows the program of its template', () => {
    expect(program).toBe(programOf(join(root, 'experiments/pretrained/cards', `${name}.md`)));
  });

  it('shows a program that runs from the repository, and prints', async () => {
    const folder = mkdtempSync(join(root, 'experiments/pretrained/card-')); // where tsx finds the packages' sources
    try {
      writeFileSync(join(folder, 'program.ts'), program);
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(folder, 'program.ts')], {
        cwd: root,
        env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
      });
      expect(stdout).toMatch(PRINTED[name]!);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
