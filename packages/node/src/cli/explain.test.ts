import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseOptions } from '@netspace/prep/internal';
import type { Command } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { anyRecipe } from '../jobs/zoo-source.js';
import { nextStep } from './next-steps.js';
import { createProgram } from './program.js';
import { runCli } from './run-cli.js';

const program = (): { readonly root: Command; readonly said: string[] } => {
  const said: string[] = [];
  return { root: createProgram({ writeOut: (text) => said.push(text), writeErr: (text) => said.push(text) }), said };
};

const leavesOf = (command: Command, path: readonly string[] = []): readonly { command: Command; path: readonly string[] }[] =>
  command.commands.length === 0 ? [{ command, path }] : command.commands.flatMap((sub) => leavesOf(sub, [...path, sub.name()]));

const helpOf = (path: readonly string[]): string => {
  const { root, said } = program();
  expect(() => root.parse([...path, '--help'], { from: 'user' })).toThrow('(outputHelp)');
  return said.join('');
};

/** As a shell splits a line of ours. */
const wordsOf = (line: string): string[] => line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));

describe('netspace --help', () => {
  it('shows a recipe that is one', () => {
    const recipe = /\{ "data".*/.exec(helpOf([]))![0];
    expect(parseOptions('zoo.json', anyRecipe, JSON.parse(recipe) as object)).toMatchObject({ data: 'mnist' });
  });

  it('shows examples of encode that say where embeddings go, as encode asks for it', async () => {
    const asked = / --(json|out) /;
    const examples = helpOf(['encode']).split('\n').filter((line) => line.startsWith('  $ netspace encode')); // prettier-ignore
    for (const example of examples) expect(`${example} `).toMatch(asked);
    expect(`${await nextStep('decode', { args: [], options: {} })} `).toMatch(asked);
  });

  it('shows a first session', () => {
    expect(helpOf([])).toMatch(/A first session[^]*netspace zoo build [^]*netspace train [^]*netspace report /);
  });
});

describe.each(leavesOf(program().root).map(({ path }) => [path.join(' '), path] as const))('netspace %s --help', (name, path) => {
  const leaf = (root: Command) => path.reduce((command, word) => command.commands.find((sub) => sub.name() === word)!, root);

  it('has two examples or more, which give what is required and nothing that is not known', () => {
    const examples = helpOf(path)
      .split('\n')
      .flatMap((line) => /^ {2}\$ netspace (.*)/.exec(line)?.[1] ?? []);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      const { root } = program();
      let ran = false;
      leaf(root).action(() => void (ran = true));
      root.parse(wordsOf(example), { from: 'user' }); // throws for what is missing or unknown
      expect(ran, example).toBe(true);
      expect(example).toContain(name);
    }
  });

  it('marks what is required', () => {
    const required = leaf(program().root).options.filter(({ mandatory }) => mandatory);
    expect(helpOf(path).match(/required/g) ?? []).toHaveLength(required.length);
  });

  it('is what a misspelt option points to', () => {
    const { root, said } = program();
    expect(() => root.parse([...path, 'x', '--nonsense'], { from: 'user' })).toThrow();
    expect(said.join('')).toContain(`(netspace ${name} --help lists what it takes)`);
  });
});

describe('a command that npx has called', () => {
  it.each([
    ['help', ['zoo', 'list', '--help'], 0, /Usage: npx netspace zoo list [^]* {2}\$ npx netspace zoo list zoo\n/],
    ['the end of a usage error', ['doctor', '--nonsense'], 2, /\(npx netspace doctor --help lists/],
    [
      'an error',
      ['zoo', 'list', 'no-such-folder'],
      1,
      /; build a zoo there with npx netspace zoo build, or import networks with npx netspace /,
    ],
    ['an error of a config', ['sweep', '.oxfmtrc.json', '--out', 'no-such-folder'], 1, /; npx netspace sweep --help writes/],
  ])('says so in %s', async (_, words, code, expected) => {
    vi.stubEnv('npm_command', 'exec');
    onTestFinished(() => void vi.unstubAllEnvs());
    let said = '';
    const add = (text: string): void => void (said += text);
    expect(await runCli(words, { writeOut: add, writeErr: add })).toBe(code);
    expect(said).toMatch(expected);
  });
});

describe('what to do next', () => {
  it.each(leavesOf(program().root).map(({ path }) => [path.join(' ')]))('netspace %s says it', async (name) => {
    const line = await nextStep(name, { args: [], options: {} });
    const [, call] = /^next: netspace (.*?) {3}# .+/.exec(line!)!;
    const { root } = program();
    const words = wordsOf(call!);
    const leaf = leavesOf(root).find(({ path }) => path.every((word, i) => words[i] === word))!;
    let ran = false;
    leaf.command.action(() => void (ran = true));
    root.parse(words, { from: 'user' }); // throws for what is missing or unknown
    expect(ran, call).toBe(true);
  });
  it('keeps what was given, says npx where it was called by npx, and is silent where nothing is left to do', async () => {
    const call = { args: ['space'], options: { zoo: ['zoo'], data: 'mnist', sample: 500 } as never };
    expect(await nextStep('explore', call)).toMatch(/^next: netspace explore space --zoo zoo --data mnist --sample 500 --out site {3}#/);
    expect(await nextStep('doctor', { args: [], options: {} }, { netspace: 'npx netspace' })).toMatch(/^next: npx netspace init zoo {3}#/);
    const folder = await mkdtemp(join(tmpdir(), 'netspace-next-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'index.html'), '');
    expect(await nextStep('explore', { args: [folder], options: {} })).toBeUndefined();
    await mkdir(join(folder, 'seed-1'));
    await writeFile(
      join(folder, 'seed-1', 'run.json'),
      JSON.stringify({ config: { zoo: 'here', data: 'mnist', task: { kind: 'classification' } } }),
    );
    expect(await nextStep('sweep', { args: [], options: { out: folder } })).toContain('/RUN --zoo here --data mnist ');
  });
});

describe('deploy/', () => {
  const at = (file: string): string => fileURLToPath(new URL(`../../../../deploy/${file}`, import.meta.url));
  /** The arguments of every container that runs the command. */
  const commandsOf = (value: unknown): readonly string[][] => {
    if (typeof value !== 'object' || value === null) return [];
    const { args, command, build } = value as { readonly args?: string[]; readonly command?: string[]; readonly build?: string };
    const own = args ?? (build === undefined ? undefined : command);
    return own === undefined ? Object.values(value).flatMap(commandsOf) : [own];
  };

  it.each(['compose.yaml', ...['builder', 'workers', 'workers-keda'].map((name) => `kubernetes/${name}.yaml`)])(
    'has in %s commands that the program knows, and no secret',
    async (file) => {
      const text = await readFile(at(file), 'utf8');
      const commands = parseAllDocuments(text, { merge: true }).flatMap((document) => commandsOf(document.toJS()));
      expect(commands.length).toBeGreaterThan(0);
      for (const args of commands) {
        const { root } = program();
        const run: string[] = [];
        for (const { command, path } of leavesOf(root)) command.action(() => void run.push(path.join(' ')));
        root.parse(args, { from: 'user' }); // throws for what is missing or unknown
        expect(['zoo build', 'worker']).toContain(run[0]);
      }
      for (const [, value] of text.matchAll(/(?:PASSWORD|KEY|KEY_ID): (.*)/g)) expect(value).toMatch(/^\$\{/);
    },
  );
});
