import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/reference/errors.md', () => {
  it('has an entry for each error code, and no other', () => {
    const codes = [...read('packages/prep/src/errors.ts').matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code);
    const section = /^## The codes\n(.*?)^## /ms.exec(read('docs/reference/errors.md'))![1]!;
    const entries = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(codes.length).toBeGreaterThan(5);
    expect(entries).toEqual(codes);
  });
});

describe('docs/method.md', () => {
  it('has equations (1) to (12), each beside a function that a package exports', () => {
    const page = read('docs/method.md');
    expect([...page.matchAll(/\\tag\{(\d+)\}/g)].map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const exported = ['prep', 'losses', 'explore', 'model'].map((name) => read(`packages/${name}/src/index.ts`)).join('');
    const named = [...page.matchAll(/^`(\w+)[^`]*`/gm)].map(([, name]) => name!).filter((name) => name !== 'space');
    expect(named.length).toBeGreaterThan(8);
    for (const name of named) expect(exported, name).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('docs/experiments', () => {
  it('has a page for each experiment', () => {
    const experiments = readdirSync(join(root, 'experiments'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(root, 'experiments', entry.name)).includes('results.json'))
      .map(({ name }) => `${name}.md`);
    expect(readdirSync(join(root, 'docs/experiments'))).toEqual(expect.arrayContaining(experiments));
  });
});
