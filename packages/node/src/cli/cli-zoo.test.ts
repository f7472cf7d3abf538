// What the command does with a zoo of classifiers.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';

import { openInstanceStore, type InstanceRecord } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { namedBytes } from '../jobs/job.js';
import { jobFolder } from '../jobs/folder/job-folder.js';
import { readMetrics } from '../metrics/metrics-file.js';
import { digitsRun, names, type ZooList } from './testing/digits-run.js';
import { inProcess, netspace } from './testing/in-process.js';

const at = digitsRun({ of: 'zoo' });

describe('netspace zoo', () => {
  it('keeps what is there, lists and verifies it', async () => {
    const listed = await netspace<ZooList>('zoo', 'list', at('zoo'));
    expect(listed.instances.map(({ name }) => name)).toEqual([
      ...[`${names.small}-s0-n2`, `${names.small}-s0-n40`, `${names.small}-s1-n2`, `${names.small}-s1-n40`, `${names.large}-s0-n2`],
    ]);
    const again = await netspace<ZooList & { added: number }>('zoo', 'build', at('recipe.json'), '--out', at('zoo'));
    expect(again).toMatchObject({ added: 0, instances: listed.instances });
    expect((await readMetrics(at('zoo', 'metrics.jsonl'))).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(await netspace('zoo', 'verify', at('zoo'))).toEqual({ checked: 5, problems: [], stray: [], unknown: 0 });
  });
});

describe('netspace zoo evaluate', () => {
  type Instances = readonly { readonly name: string; readonly metrics: Readonly<Record<string, number>> }[];
  const evaluate = (...more: readonly string[]) => ['zoo', 'evaluate', at('zoo'), '--data', 'mnist', ...more];

  it('measures what the build measured, beside the zoo, where other commands find it', async () => {
    const index = await readFile(at('zoo', 'index', '000000.jsonl'), 'utf8');
    const half = evaluate('--as', 'again', '--limit', '50', '--instance', 's0');
    expect((await inProcess(...half)).stderr).toMatch(/got 's0', which fits 3 names/);
    const some = await netspace<{ measured: number }>(...evaluate('--as', 'again', '--limit', '50', '--instance', 's0-n40'));
    expect(some.measured).toBe(1);
    const all = await netspace<{ measured: number; instances: Instances }>(...evaluate('--as', 'again', '--limit', '50'));
    expect(all.measured).toBe(4); // one is there
    expect(all.instances).toHaveLength(5);
    for (const { metrics } of all.instances) expect(metrics['againAccuracy']).toBe(metrics['testAccuracy']);
    expect(await readFile(at('zoo', 'index', '000000.jsonl'), 'utf8')).toBe(index);
    const best = Math.max(...all.instances.map(({ metrics }) => metrics['testAccuracy']!));
    const found = await netspace<{ names: string[] }>('zoo', 'filter', at('zoo'), '--where', `againAccuracy>=${best}`);
    expect(found.names).toEqual(all.instances.filter(({ metrics }) => metrics['testAccuracy'] === best).map(({ name }) => name));
    expect(await readdir(at('zoo'))).not.toContain('.jobs-evaluate');
    expect(await netspace('zoo', 'status', at('zoo'))).not.toHaveProperty('works');
    const jobs = jobFolder(at('zoo'), 'evaluate');
    const source = { kind: 'evaluate', data: 'mnist', instance: undefined, limit: undefined, output: undefined } as const;
    await jobs.writePlan({ source, origin: {}, total: 5, present: 1, begun: 0, queueId: undefined, needs: undefined });
    await jobs.writeResult('0'.repeat(32), { drafts: [namedBytes('a', Uint8Array.of(1)), namedBytes('b', Uint8Array.of(2))] });
    expect(await netspace('zoo', 'status', at('zoo'))).toMatchObject({ works: [{ command: 'zoo evaluate', total: 5, ready: 3 }] });
    await jobs.clear();
  });
  it('refuses to replace a measure, and what it cannot measure', async () => {
    expect((await inProcess(...evaluate())).stderr).toMatch(/got testAccuracy, which .* has since it was added; .*--as other/);
    expect((await inProcess(...evaluate('--as', 'again', '--limit', '49'))).stderr).toMatch(
      /that again was measured with before, got others/,
    );
    const lines = await readFile(at('zoo', 'measures.jsonl'), 'utf8');
    await writeFile(at('zoo', 'measures.jsonl'), `${lines.split('\n', 1)[0]!}\n`); // of one network: another is measured as it was, or under another name
    const [, ...others] = (await netspace<ZooList>('zoo', 'list', at('zoo'))).instances;
    expect((await inProcess(...evaluate('--as', 'again', '--limit', '49', '--instance', others.at(-1)!.name))).stderr).toMatch(
      /that again was measured with before, got others/,
    );
    expect((await inProcess(...evaluate('--as', '9!'))).stderr).toMatch(/expected letters and digits/);
    await writeFile(at('zoo', 'measures.jsonl'), 'no JSON\n');
    expect((await inProcess('zoo', 'list', at('zoo'))).stderr).toMatch(/CORRUPT_FILE: .*measures\.jsonl, got "no JSON"/);
    await rm(at('zoo', 'measures.jsonl'));
  });
});

describe('netspace zoo align', () => {
  const [small, large] = [`${names.small}-s0-n40`, `${names.large}-s0-n2`];
  const alignTo = (...to: readonly string[]) => ['zoo', 'align', at('zoo'), '--out', at('aligned'), '--to', ...to];

  it('writes networks that do what they did, nearer to the one in whose order they are', async () => {
    const { added, instances } = await netspace<{ added: number; instances: InstanceRecord[] }>(...alignTo(small, large));
    expect(added).toBe(5);
    const before = await netspace<ZooList>('zoo', 'list', at('zoo'));
    expect(instances.map(({ name }) => name)).toEqual(before.instances.map(({ name }) => name));
    const distances = new Map(instances.map(({ name, metrics }) => [name, metrics['alignedDistance']!]));
    expect([distances.get(small), distances.get(large)]).toEqual([0, 0]);
    const [old, now] = [at('zoo'), at('aligned')].map((folder) => openInstanceStore(directoryFiles(folder)));
    const x = tf.randomNormal([4, 28, 28, 1], 0, 1, 'float32', 1);
    const reference = await old!.load(small);
    for (const { name, architecture } of instances) {
      const [was, is] = [await old!.load(name), await now!.load(name)];
      const outputs = [was, is].map(({ architecture, parameters }) => [...architecture.apply(parameters, x).dataSync()]);
      outputs[1]!.forEach((value, i) => expect(value).toBeCloseTo(outputs[0]![i]!, 3));
      if (architecture !== names.small) continue;
      const apart = (other: typeof was) => Math.hypot(...other.parameters.map((p, i) => tf.norm(tf.sub(p, reference.parameters[i]!)).dataSync()[0]!)); // prettier-ignore
      expect(apart(is)).toBeLessThanOrEqual(apart(was));
    }
    expect(await netspace('zoo', 'align', ...alignTo(small, large).slice(2))).toMatchObject({ added: 0 });
  });
  it('refuses an architecture without a network to be aligned to, two for one, and a folder of others', async () => {
    expect((await inProcess(...alignTo(small))).stderr).toMatch(/expected a network of vanilla-cnn.* in --to for/);
    expect((await inProcess(...alignTo(small, large, `${names.small}-s1-n2`))).stderr).toMatch(/expected one network of lenet.* in --to/);
    expect((await inProcess(...alignTo(`${names.small}-s1-n2`, large))).stderr).toMatch(
      /one that the same command has begun, got .*aligned, which has/,
    );
  });
  it('refuses a zoo that was built again, whose networks have the names of those before', async () => {
    const group = { architecture: names.small, seeds: 2, lengths: [1], unit: 'steps', batchSize: 10 };
    await writeFile(at('again.json'), JSON.stringify({ groups: [group] }));
    const align = ['zoo', 'align', at('again'), '--out', at('again-aligned'), '--to', `${names.small}-s0-n1`];
    const build = (images: string) =>
      netspace('zoo', 'build', at('again.json'), '--out', at('again'), '--train-images', images, '--test-images', '10');
    await build('60');
    await netspace(...align);
    await rm(at('again'), { recursive: true });
    await build('50');
    expect((await inProcess(...align)).stderr).toMatch(/expected the networks of .* got others of their names .*built again; name another/);
  });
});

describe('netspace zoo verify', () => {
  it('notices a damaged zoo', async () => {
    const record = (await netspace<{ instances: { file: string; name: string }[] }>('zoo', 'list', at('zoo'))).instances.at(-1);
    const file = at('zoo', record!.file);
    const bytes = await readFile(file);
    await writeFile(
      file,
      bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    );
    const { code, stdout } = await inProcess('zoo', 'verify', at('zoo'), '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, checked: 5, problems: [{ name: record!.name }] });
    expect((await inProcess('zoo', 'verify', at('zoo'))).stderr).toMatch(/1 of 5 instances in .* are damaged/);
    await writeFile(file, bytes);
  });

  it('lists files that no index names, and leaves them', async () => {
    await writeFile(at('zoo', 'shards', 'forgotten.bin'), '');
    expect(await netspace('zoo', 'verify', at('zoo'))).toEqual({ checked: 5, problems: [], stray: ['shards/forgotten.bin'], unknown: 0 });
    const { code, stdout } = await inProcess('zoo', 'verify', at('zoo'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"shards/forgotten.bin"') as string });
    expect((await readFile(at('zoo', 'shards', 'forgotten.bin'))).length).toBe(0);
  });
});
