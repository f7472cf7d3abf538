import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../../files/directory-files.js';
import { fileHandler } from '../../files/file-handler.js';
import { selectRuntime } from '../../runtime/select-runtime.js';
import { nextStep } from '../next-steps.js';
import { shapesToDraw } from './report-on-shapes.js';
import { runCli } from '../run-cli.js';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);

async function netspace(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--runtime', 'wasm', '--quiet', '--json'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
}
/** What a page says, without its markup. */
const wordsOf = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8'))
    .replace(/<style>[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>|<script>[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');

/** A space and a zoo of untrained networks with a seed each. */
async function make(name: string, architectureName: string, seeds: readonly number[]): Promise<void> {
  const architecture = architectureByName(architectureName);
  const store = openInstanceStore(directoryFiles(at(`${name}-zoo`)));
  const instances = seeds.map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
  for (const [seed, instance] of instances.entries())
    await store.add({ name: `n${seed}`, instance, epochs: seed, seed, metrics: { testAccuracy: 0.1 } });
  const space = new NetSpace({ architectures: [architecture], prepShape: [8, 512], preset: 'tiny', seed: 1 });
  await space.save(fileHandler(at(name)));
  space.dispose();
  disposeInstances(instances);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-report-'));
  await selectRuntime({ prefer: 'wasm' });
  await make('digits', 'lenet-like-1x28x28-10-w0.1', [0, 1, 2]);
  await make('shapes', 'siren-3-16x0-1', [0]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace report', () => {
  it('measures a space of classifiers, on held-out networks where the run says which they are', async () => {
    const args = ['report', at('digits'), '--zoo', at('digits-zoo'), '--data', 'mnist', '--limit', '20', '--out', at('digits.html')];
    expect(await netspace(...args)).toMatchObject({ code: 0, answer: { report: at('digits.html'), summary: { count: 3 } } });
    expect(await wordsOf(at('digits.html'))).toMatch(/Whether the space was trained on these networks is not recorded/);

    await writeFile(
      at('digits', 'run.json'),
      JSON.stringify({ seed: 7, state: 'done', config: { holdOut: { names: ['n2'], seeds: [0] } } }),
    );
    expect(await netspace(...args)).toMatchObject({ code: 0 });
    const words = await wordsOf(at('digits.html'));
    expect(words).toMatch(/The figures at the top are of 2 networks that were held out: the space was not trained on them/);
    expect(words).toMatch(/n0 yes .*n2 yes .*n1 no/);
    expect(words).toMatch(/What to change next 1\. /);
    expect(words).toMatch(/w0\.1, held out .*w0\.1, trained on/); // the legend
    expect(words).toMatch(/seed 7 .*units weights as they are|units weights as they are .*seed 7/);
  });

  it('measures a space of shapes', async () => {
    const { code, answer } = await netspace('report', at('shapes'), '--zoo', at('shapes-zoo'), '--out', at('shapes.html'));
    expect([code, answer]).toMatchObject([0, { summary: { count: 1, meanIou: expect.any(Number) as number } }]);
    expect(await wordsOf(at('shapes.html'))).toMatch(/overlap \(IoU\) .* n0 – .*How they look/);
    expect(await netspace('evaluate', '--space', at('shapes'), '--zoo', at('shapes-zoo'))).toMatchObject({ code: 0, answer: { summary: answer['summary'] } }); // prettier-ignore
  });

  it('draws the shapes that decide, and a few held-out ones where known shapes do', () => {
    const entries = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => ({ name }));
    const drawn = (of: 'held out' | 'trained on' | 'all networks', judged: string) =>
      shapesToDraw(entries, { of, isJudged: ({ name }) => judged.includes(name) }).map(({ name }) => name).join(''); // prettier-ignore
    expect([drawn('trained on', 'cdefgh'), drawn('held out', 'abc'), drawn('all networks', 'abcdefgh')]).toEqual([
      'cdefab',
      'abc',
      'abcdef',
    ]);
  });

  it('says what a zoo holds, what a run without a space has come to, and of a space alone that nothing was measured', async () => {
    expect(await netspace('report', at('digits-zoo'), '--out', at('zoo.html'))).toMatchObject({ code: 0, answer: { networks: 3 } });
    expect(await wordsOf(at('zoo.html'))).toMatch(/networks 3 .*lenet-like-1x28x28-10-w0\.1 .*testAccuracy/);
    await mkdir(at('died'));
    await writeFile(at('died', 'run.json'), JSON.stringify({ state: 'failed', seed: 3 }));
    await writeFile(at('died', 'metrics.jsonl'), '{"step":1,"loss":2.5,"encoder":1,"rewinds":1}\n');
    expect(await netspace('report', at('died'), '--out', at('run.html'))).toMatchObject({ code: 0, answer: { state: 'failed' } });
    expect(await wordsOf(at('run.html'))).toMatch(/the run failed; go on with: netspace train .*Training/);
    for (const [task, label] of [
      [{ kind: 'classification' }, 'loss, in nats'],
      [{ kind: 'sdf' }, 'loss: mean squared difference of distances'],
      [{ kind: 'sdf', clamp: 0.2 }, 'loss: mean difference of distances, which count up to ±0.2'],
    ] as const) {
      await writeFile(at('died', 'run.json'), JSON.stringify({ state: 'failed', seed: 3, config: { task } }));
      expect(await netspace('report', at('died'), '--out', at('run.html'))).toMatchObject({ code: 0 });
      const words = await wordsOf(at('run.html'));
      expect(words).toContain(label);
      expect(words).toContain('encoder: share of the variance of embeddings that it misses');
      expect(words).toContain('weighted sum of the others, but of encoder');
      expect(words).not.toMatch(/rewinds[:,] (mean|in nats)/);
    }
    expect(await netspace('report', at('shapes'), '--out', at('alone.html'))).toMatchObject({ code: 0 });
    expect(await wordsOf(at('alone.html'))).toMatch(/Nothing was measured: netspace report .* --zoo ZOO/);
  });

  it('writes Markdown with PNG pictures, of which none is empty', async () => {
    await mkdir(at('md'));
    const out = at('md', 'report.md');
    expect(await netspace('report', at('digits-zoo'), '--format', 'md', '--out', out)).toMatchObject({ code: 0 });
    const named = [...(await readFile(out, 'utf8')).matchAll(/!\[[^\]]*\]\((.*?)\)/g)].map(([, path]) => path!);
    expect(named).toEqual(['pictures/2-1.png']);
    expect(await readdir(at('md', 'pictures'))).toEqual(['2-1.png']);
    const { channels, ...stats } = await sharp(at('md', named[0]!)).stats();
    expect(stats.entropy).toBeGreaterThan(0.1); // not all of one color
    expect(channels).not.toHaveLength(0);
  });

  it('replaces no page but the one that --out names', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await writeFile('report.html', 'of another');
      for (const name of ['report-digits-zoo.html', 'report-digits-zoo-2.html']) {
        expect(await netspace('report', 'digits-zoo')).toMatchObject({ code: 0, answer: { report: name } });
      }
      expect(await readFile('report.html', 'utf8')).toBe('of another');
      expect(await netspace('report', 'digits-zoo', '--out', 'report.html')).toMatchObject({ code: 0 });
      expect(await readFile('report.html', 'utf8')).toMatch(/<!doctype html>/i);
    } finally {
      process.chdir(before);
    }
  });

  it('ends with the command that measures the space, or that goes on with a run that was stopped', async () => {
    await mkdir(at('halted'));
    await writeFile(at('halted', 'run.json'), JSON.stringify({ state: 'stopped', config: { zoo: 'z' } }));
    await writeFile(at('halted', 'metrics.jsonl'), '');
    const next = (name: string) => nextStep('report', { args: [at(name)], options: {} });
    expect(await next('halted')).toContain(`next: netspace train --out ${at('halted')} --resume `);
    const way = `was stopped before its end; go on with: netspace train --out ${at('halted')} --resume`;
    const asked = await netspace('report', at('halted'), '--zoo', 'z', '--data', 'mnist');
    expect(asked).toMatchObject({ code: 1, answer: { error: { code: 'NOT_FOUND', message: expect.stringContaining(way) as string } } });
    const about = await netspace('report', at('halted'), '--out', at('halted.html'));
    expect(about).toMatchObject({ code: 0, answer: { remarks: [expect.stringContaining(way)] } });
    expect(await next('shapes')).toContain(`next: netspace report ${at('shapes')} --zoo ZOO   #`);
    await rm(at('digits', 'run.json'), { force: true });
    expect(await next('digits')).toContain(`next: netspace report ${at('digits')} --zoo ZOO --data DATA   #`);
  });

  it.each([
    [[], /expected a folder, got none/],
    [['nowhere'], /expected a space, a zoo or a run in .*nowhere/],
    [['digits', '--space', 'x'], /leave one out/],
    [['digits', '--data', 'mnist'], /expected --zoo beside --data/],
    [['digits', '--zoo', 'digits-zoo'], /expected --data beside --zoo/],
    [['shapes', '--zoo', 'shapes-zoo', '--data', 'mnist'], /no --data and no --limit for a space of shapes/],
    [['digits-zoo', '--data', 'mnist'], /no --data for a zoo/],
  ])('refuses %j', async (args, message) => {
    const given = args.map((arg) => (/^(digits|shapes|nowhere)/.test(arg) ? at(arg) : arg));
    const { code, answer } = await netspace('report', ...given, '--out', at('refused.html'));
    expect([code, answer]).toEqual([
      1,
      { error: expect.objectContaining({ message: expect.stringMatching(message) as string }) as object },
    ]);
    expect(await readdir(folder)).not.toContain('refused.html');
  });
});
