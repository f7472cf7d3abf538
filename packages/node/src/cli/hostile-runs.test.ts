// What the command says of zoos, runs and spaces that are not what they seem, and of work that is stopped: see "hostile and broken input" in
// docs/reliability.md.
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { NetSpace } from '@netspace/model';
import { programOf } from '@netspace/testing/program-of';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { architecture, hostileFolder } from './testing/hostile-folder.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const { at, cli, write, space, both } = hostileFolder();

describe('shapes and classifiers', () => {
  it('are not put into one zoo, nor trained by the task of the others', async () => {
    await write('shapes.json', { kind: 'shapes', seats: { count: 1, seed: 0 }, architecture: 'siren-3-8x1-1', steps: 1 });
    const built = await cli('zoo', 'build', at('shapes.json'), '--out', at('zoo'));
    expect(built.stderr).toMatch(
      /^netspace: INVALID_OPTION: zoo build: expected --out to be a folder of shapes like siren-3-8x1-1, or a new one, got .*zoo with 4 classifiers such as net-0; no space learns both/,
    );
    const siren = architectureByName('siren-3-8x1-1');
    const instance = { architecture: siren, parameters: initialize(siren.parameters, { seed: 1 }) };
    for (const zoo of ['shapes', 'both']) {
      await openInstanceStore(directoryFiles(at(zoo))).add({ name: 'chair', instance, epochs: 0, seed: 1, metrics: {} });
    }
    tf.dispose([...instance.parameters]);
    const lenet = architectureByName(architecture);
    const second = { architecture: lenet, parameters: initialize(lenet.parameters, { seed: 1 }) };
    await openInstanceStore(directoryFiles(at('both'))).add({ name: 'digits', instance: second, epochs: 0, seed: 1, metrics: {} });
    tf.dispose([...second.parameters]);
    const trained = async (zoo: string, kind: string): Promise<string> => {
      await write('kind.json', { zoo: at(zoo), steps: 1, task: { kind } });
      return (await cli('train', at('kind.json'), '--out', at('of-the-wrong-kind'))).stderr;
    };
    expect(await trained('shapes', 'classification')).toMatch(/expected classifiers for classification, got siren.*whose networks are shapes; set "task": \{ "kind": "sdf" \}/); // prettier-ignore
    expect(await trained('zoo', 'sdf')).toMatch(
      /expected shapes for sdf, got lenet.*whose networks are classifiers; set "task": \{ "kind": "classification" \}/,
    );
    expect(await trained('both', 'sdf')).toMatch(/a space learns classifiers or shapes, not both: build a zoo of each/);
  });
});

describe('train without a config', () => {
  it('proposes one that fits the zoo, and trains nothing', async () => {
    const { code, stdout, stderr } = await cli('train', '--zoo', at('zoo'), '--out', at('proposed'), '--steps', '1');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `next: netspace train CONFIG --out ${at('proposed')}   # learn the space; CONFIG is a file with what was printed`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ zoo: at('zoo'), data: 'mnist', task: { kind: 'classification' }, batch: { nets: 3, inputs: 32 }, steps: 1 },
      ...{ holdOut: { seeds: [2] }, space: { preset: 'tiny', start: 'instances', units: 'zoo-permuted' } },
    });
    await write('train.json', stdout);
    expect((await cli('train', at('train.json'), '--out', at('proposed'))).code).toBe(0);
    expect((await cli('train', '--out', at('none'))).stderr).toMatch(/expected a config, or --zoo to have one proposed/);
  });
});

describe('a run that has not ended well', () => {
  it('is called that by what would use its space', async () => {
    const args = ['--zoo', at('zoo'), '--instance', 'net-1', '--json'];
    await mkdir(at('a run'));
    await write('a run/run.json', { config: {}, state: 'failed', result: { error: { code: 'DIVERGED', message: '' } } });
    const failed = await cli('encode', '--space', at('a run'), ...args);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(`got a run that failed (DIVERGED); go on with: netspace train --out '${at('a run')}' --resume`);
    await (await NetSpace.load(fileHandler(at('space')))).save(fileHandler(at('a run')));
    await write('a run/run.json', { config: {}, state: 'stopped' });
    const stopped = await cli('encode', '--space', at('a run'), ...args);
    expect(stopped.code).toBe(0);
    expect(stopped.stderr).toContain('is that of an earlier run: the last one was stopped before its end');
    expect((await cli('encode', ...space(), ...args)).stderr).not.toContain('earlier run');
  });
});

describe('a collapsed space', () => {
  it('is called one by evaluate and report', async () => {
    const data = ['--data', 'mnist', '--limit', '100'];
    const { stdout } = await cli('evaluate', ...both(), ...data);
    expect(stdout).toMatch(
      /The space is collapsed: it predicts nearly the same network for everything that it encodes; the spread of their weights is 0\.0 %/,
    );
    expect(stdout).toMatch(/The correlation means nothing: the space is collapsed\.\s+ClassIds mean nothing: all networks are of one/);
    const reported = await cli('report', ...both(), ...data, '--out', at('report.html'));
    expect(reported.stdout).toContain('The space is collapsed');
    expect(await readFile(at('report.html'), 'utf8')).toContain('A collapsed space');
  });
});

describe('SIGINT', () => {
  /** Starts a command on a zoo of many networks and interrupts it when its runtime has started. */
  const interrupted = async (args: readonly string[]) => {
    const main = await programOf('packages/node/src/cli/main.ts');
    const child = spawn(process.execPath, [main, ...args, '--runtime', 'wasm'], { cwd: root });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      // Twice: npx sends on to the command what the terminal has sent to both.
      if (!stderr.includes('runtime:') && text.toString().includes('runtime:'))
        for (const ms of [0, 20]) setTimeout(() => child.kill('SIGINT'), ms);
      stderr += text.toString();
    });
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout, stderr })),
    );
  };
  it('stops a zoo that is being built, naming the command that goes on', async () => {
    await write('long.json', { groups: [{ architecture, lengths: [1_000_000], unit: 'steps', batchSize: 8 }] });
    const args = ['zoo', 'build', at('long.json'), '--out', at('long zoo'), '--data', 'mnist', '--test-images', '20'];
    const { code, stdout, stderr } = await interrupted(args);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain(
      `those in training begin anew; go on with: netspace zoo build ${at('long.json')} --out '${at('long zoo')}' --data mnist --test-images 20\n`,
    );
    const status = await cli('zoo', 'status', at('long zoo'));
    expect(status.stdout).toContain('stopped, 0 of 1 networks');
    expect(status.stderr).toContain(`next: netspace zoo build RECIPE --out '${at('long zoo')}'`);
  });
  it('stops evaluate, report and zoo verify, with nothing printed as if it were a result', async () => {
    const commands = [
      ['evaluate', ...both(), '--data', 'mnist'],
      ['report', ...both(), '--data', 'mnist', '--out', at('stopped.html')],
      ['zoo', 'verify', at('zoo')],
    ];
    const ends = await Promise.all(commands.map((args) => interrupted(args)));
    for (const [i, { code, stdout, stderr }] of ends.entries()) {
      expect({ command: commands[i]![0], code, stdout }).toEqual({ command: commands[i]![0], code: 130, stdout: '' });
      expect(stderr).toMatch(/ABORTED: stopped /);
    }
    expect(await readdir(at())).not.toContain('stopped.html');
  });
});
