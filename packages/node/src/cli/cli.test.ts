// What the command does with a trained space, and what it says where something is wrong.
import { readFile, writeFile } from 'node:fs/promises';

import { NetSpace } from '@netspace/model';
import { readSafetensors } from '@netspace/formats';
import { programOf } from '@netspace/testing/program-of';
import { spawned } from '@netspace/testing/command-process';
import { describe, expect, it, vi } from 'vitest';

import { readMetrics } from '../metrics/metrics-file.js';
import { digitsRun, names, training } from './testing/digits-run.js';
import { inProcess, netspace } from './testing/in-process.js';

const at = digitsRun({ of: 'zoo and run' });

describe('netspace on a trained space', () => {
  const inputs = () => ['--space', at('run'), '--zoo', at('zoo')];

  it('evaluate prints each network beside its prediction, and nothing else on stdout', async () => {
    type Printed = Record<'summary' | 'heldOut', Record<string, unknown>> & { instances: Record<string, unknown>[] };
    const { instances, summary, heldOut } = await spawned<Printed>(...['evaluate', ...inputs(), '--data', 'mnist', '--limit', '20']);
    const keys = ['name', 'architecture', 'classId', 'predictedClassId', 'targetAccuracy', 'predictedAccuracy', 'agreement'];
    expect(instances.map((row) => Object.keys(row))).toEqual(Array(5).fill(keys));
    expect(instances[4]).toMatchObject({ name: `${names.large}-s0-n2`, architecture: names.large, classId: 1 });
    expect(summary).toMatchObject({ count: 5 });
    expect(heldOut).toMatchObject({ count: 2, names: [`${names.small}-s1-n2`, `${names.small}-s1-n40`] });
    expect(Object.keys(heldOut)).toEqual([...Object.keys(summary), 'names']);
  });

  it.each(['evaluate', 'report'])('%s encodes each network once', async (command) => {
    const encode = vi.spyOn(NetSpace.prototype, 'encode'); // counts, and does what it does
    const out = command === 'report' ? ['--out', at('once.html')] : [];
    await netspace(command, ...inputs(), '--data', 'mnist', '--limit', '5', ...out);
    const counts = encode.mock.calls.map(([targets]) => ('preps' in targets ? targets.preps.shape[0] : targets.length));
    encode.mockRestore();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it('encode and decode go through files; interpolate begins where decode of the start ends', async () => {
    const from = `${names.small}-s0-n2`;
    const encoded = await netspace<{ embeddings: { name: string; embedding: number[] }[] }>(
      ...['encode', ...inputs(), '--instance', from, '--out', at('embeddings.safetensors')],
    );
    expect(encoded.embeddings[0]!.name).toBe(from);
    expect(encoded.embeddings[0]!.embedding).toHaveLength(64);
    const decoded = await netspace<{ instances: { file: string; classId: number }[] }>(
      ...['decode', at('embeddings.safetensors'), '--space', at('run'), '--out', at('decoded')],
    );
    const walked = await netspace<{ stops: { gamma: number; file: string; accuracy: number; weightAverageAccuracy: number }[] }>(
      ...['interpolate', ...inputs(), '--from', from, '--to', `${names.small}-s1-n40`, '--steps', '3'],
      ...['--data', 'mnist', '--limit', '20', '--out', at('walk')],
    );
    expect(walked.stops.map(({ gamma }) => gamma)).toEqual([0, 0.5, 1]);
    for (const stop of walked.stops) expect(stop.weightAverageAccuracy).toBeGreaterThanOrEqual(0);
    const tensors = async (file: string) => [...readSafetensors(await readFile(file)).tensors];
    expect(await tensors(walked.stops[0]!.file)).toEqual(await tensors(decoded.instances[0]!.file));
  });

  it('zoo encode writes the file that encode writes', async () => {
    await netspace('encode', ...inputs(), '--out', at('one-by-one.safetensors'));
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    const told = await spawned('zoo', 'encode', at('zoo'), '--space', at('run'), '--out', at('by-jobs.safetensors'), '--concurrency', '1');
    expect(told).toMatchObject({ networks: 5, embeddingSize: 64 });
    expect(await readFile(at('by-jobs.safetensors'))).toEqual(await readFile(at('one-by-one.safetensors')));
  });

  it('optimize moves an embedding, report writes a page', async () => {
    const found = await netspace<{ losses: [number, number] }>(
      ...['optimize', ...inputs(), '--start', `${names.small}-s0-n2`, '--teacher', `${names.small}-s0-n40`, '--data', 'mnist'],
      ...['--steps', '4', '--learning-rate', '0.01', '--images', '8', '--limit', '20', '--out', at('search')],
    );
    expect(found.losses.every(Number.isFinite)).toBe(true);
    expect(await readMetrics(at('search', 'metrics.jsonl'))).toHaveLength(5);
    await netspace('report', ...inputs(), '--data', 'mnist', '--limit', '20', '--out', at('report.html'));
    expect(await readFile(at('report.html'), 'utf8')).toMatch(/<!doctype html>/i);
  });
});

describe('netspace', () => {
  it('says what is wrong in one line, and where that is explained; on stdout too with --json', async () => {
    const missing = await inProcess('evaluate', '--space', at('nothing'), '--zoo', at('zoo'), '--data', 'mnist', '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(missing.stderr).toMatch(
      /^netspace: NOT_FOUND: fileHandler: expected a saved space at .*nothing.space\.json, got no such file; .*\nSee NOT_FOUND in .*errors\.md\n$/,
    );
    expect((await inProcess('zoo', 'list', at('none'), '--debug')).stderr).toMatch(/NetSpaceError: openZoo: .*\n +at /);
  });

  it('refuses wrong usage with exit code 2, wrong configs naming the key', async () => {
    expect(await inProcess('trian')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean train?') as string });
    expect((await inProcess('train')).stderr).toContain("required option '--out <dir>' not specified");
    expect((await inProcess('zoo', 'list', at('zoo'), '--steps', 'x')).code).toBe(2);
    expect((await inProcess('train', '--out', at('x'), '--steps', 'many')).stderr).toContain("expected a number, got 'many'");
    expect(await inProcess('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
    const config = async (change: object) => {
      await writeFile(at('wrong.json'), JSON.stringify({ ...training, zoo: at('zoo'), ...change }));
      return (await inProcess('train', at('wrong.json'), '--out', at('wrong'))).stderr;
    };
    expect(await config({ batch: { nets: 0 } })).toMatch(
      /INVALID_OPTION: .*wrong\.json: expected batch\.nets to be a positive integer, got 0/,
    );
    expect(await config({ lerningRate: 1 })).toMatch(/unknown option lerningRate; did you mean learningRate\?/);
    expect(await config({ space: { prepShape: '8x400' } })).toMatch(/space\.prepShape .* got '8x400'; did you mean \[8, 400\]\?/);
    expect(await config({ task: { kind: 'sdf', teacher: 'labels' } })).toMatch(/unknown option task\.teacher/);
    expect(await config({ task: { kind: 'classification', teacher: 'labels', temperature: 2 } })).toMatch(
      /expected task\.temperature to be left out with teacher 'labels', got 2/,
    );
    expect(await config({ task: { kind: 'classification', teacher: 'nobody' } })).toMatch(/task\.teacher: .* got 'nobody'/);
    expect(await config({ holdOut: { names: ['nobody'] } })).toMatch(/holdOut\.names: there is no 'nobody'/);
    expect((await inProcess('train', at('train.json'), '--out', at('run'))).stderr).toMatch(/holds a run already; go on with --resume/);
    expect((await inProcess('train', at('train.json'), '--out', at('run'), '--resume', '--seed', '5')).stderr).toMatch(
      /with another 'seed'/,
    );
    expect(JSON.parse(await readFile(at('run', 'run.json'), 'utf8'))).toMatchObject({ state: 'done', seed: 4 }); // what is refused is no run
    await writeFile(at('torn.json'), '{');
    expect((await inProcess('zoo', 'build', at('torn.json'), '--out', at('z'))).stderr).toMatch(/expected JSON in .*torn\.json/);
    const untraced = await inProcess('zoo', 'encode', 'z', '--space', 's', '--out', at('z'), '--telemetry');
    expect(untraced.stderr).toMatch(/expected --queue with --telemetry, got none/);
    const to = ['--out', at('z'), '--metrics', '9464'];
    for (const words of [
      ['sweep', 's.json'],
      ['zoo', 'build', 'r.json'],
      ['zoo', 'align', 'z', '--to', 'a'],
      ['zoo', 'encode', 'z', '--space', 's'],
    ]) {
      const { stderr } = await inProcess(...words, ...to);
      expect(stderr).toContain(`${words.slice(0, words[0] === 'zoo' ? 2 : 1).join(' ')}: expected --queue with --metrics, got none`);
    }
    expect((await inProcess('zoo', 'evaluate', 'z', '--data', 'mnist', ...to.slice(2))).stderr).toContain('zoo evaluate: expected --queue');
  });
});
