// What people, and files that somebody else wrote, do to the command: see "hostile and broken input" in docs/reliability.md.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';

import { readSafetensors, writeSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { architecture, hostileFolder } from './testing/hostile-folder.js';

const { at, cli, write, space, both } = hostileFolder();

describe('names', () => {
  const embeddings = (names: readonly string[]) => {
    const raw = { dtype: 'F32', shape: [names.length, 64], data: new Float32Array(64 * names.length) } as const;
    return writeSafetensors(new Map([['embeddings', raw]]), { metadata: { names: JSON.stringify(names) } });
  };
  it('decode leaves one file a network, whatever they are named', async () => {
    const names = ['a/b', 'a_b', 'c', 'c', 'x'.repeat(300), '\u001b]0;owned\u0007\u001b[31mred'];
    await writeFile(at('names.safetensors'), embeddings(names));
    const { code, stdout } = await cli('decode', at('names.safetensors'), ...space(), '--out', at('decoded'), '--json');
    expect(code).toBe(0);
    const { instances } = JSON.parse(stdout) as { instances: { name: string; file: string }[] };
    expect(instances.map(({ name }) => name)).toEqual(names);
    const files = (await readdir(at('decoded'))).map((name) => at('decoded', name));
    expect(files.sort()).toEqual(instances.map(({ file }) => file).sort());
    expect(instances[1]!.file).toBe(at('decoded', 'a_b.safetensors'));
  });
  it('decode refuses embeddings of another space, unless told that any will do', async () => {
    const other = await NetSpace.load(fileHandler(at('space')));
    other.variables['decoder/scalelayer.scale']!.assign(tf.ones([8, 192]));
    await other.save(fileHandler(at('other')));
    other.dispose();
    const file = at('own.safetensors');
    expect((await cli('encode', ...both(), '--instance', 'net-1', '--out', file)).code).toBe(0);
    const decode = (of: string, ...more: readonly string[]) => cli('decode', file, '--space', at(of), '--out', at('own'), ...more);
    expect((await decode('space')).code).toBe(0);
    expect((await decode('space')).stderr).toMatch(
      /INVALID_OPTION: expected --out to be a new or an empty folder, got .*own, in which there is net-1/,
    );
    await rm(at('own'), { recursive: true });
    const refused = await decode('other');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /INVALID_OPTION: decode: expected embeddings of the space in .*other as it is now, got those of another space/,
    );
    expect((await decode('other', '--any-space')).code).toBe(0);
  });
  it('of folders are quoted in advice, and one network is no networks', async () => {
    const lenet = architectureByName(architecture);
    const instance = { architecture: lenet, parameters: initialize(lenet.parameters, { seed: 1 }) };
    await openInstanceStore(directoryFiles(at('my zoo'))).add({ name: 'one', instance, epochs: 0, seed: 1, metrics: {} });
    tf.dispose([...instance.parameters]);
    const of = ['encode', ...space(), '--zoo', at('my zoo')];
    expect((await cli(...of, '--instance', 'none', '--json')).stderr).toMatch(/netspace zoo list '.*my zoo' shows/);
    expect((await cli(...of, '--out', at('one.safetensors'))).stdout).toMatch(/^1 network as \[1,64\]/);
  });
  it('of architectures that the space does not know are refused with folder, network and advice', async () => {
    const stranger = architectureByName('lenet-like-1x28x28-10-w0.15');
    const instance = { architecture: stranger, parameters: initialize(stranger.parameters, { seed: 1 }) };
    await openInstanceStore(directoryFiles(at('strangers'))).add({ name: 'odd', instance, epochs: 0, seed: 1, metrics: {} });
    tf.dispose([...instance.parameters]);
    const of = [...space(), '--zoo', at('strangers')];
    for (const args of [
      ['encode', ...of, '--json'],
      ['evaluate', ...of, '--data', 'mnist'],
    ]) {
      const { code, stderr } = await cli(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /NOT_FOUND: \w+: expected an architecture that the space in .*space knows \(.*w0\.1\), got .*w0\.15 \(odd in .*strangers\); leave/,
      );
    }
  });
  it('encode tells files of one name apart, and refuses one file twice', async () => {
    const [stored] = await openInstanceStore(directoryFiles(at('zoo'))).list();
    const bytes = (await readFile(at('zoo', stored!.file))).subarray(stored!.offset, stored!.offset! + stored!.bytes);
    for (const name of ['x', 'y']) {
      await mkdir(at(name));
      await writeFile(at(name, 'm.pt'), bytes);
    }
    const [x, y] = [at('x', 'm.pt'), at('y', 'm.pt')];
    const encode = ['--architecture', architecture, ...space(), '--out', at('e.safetensors')];
    expect((await cli('encode', x, y, ...encode)).code).toBe(0);
    const { metadata } = readSafetensors(await readFile(at('e.safetensors')));
    expect(JSON.parse(metadata['names']!)).toEqual([at('x', 'm'), at('y', 'm')]);
    expect((await cli('encode', x, x, ...encode)).stderr).toMatch(/INVALID_OPTION: encode: expected each file once/);
  });
  it('encode computes nothing that nobody gets to see', async () => {
    const { code, stderr } = await cli('encode', ...both());
    expect(code).toBe(1);
    expect(stderr).toMatch(/^netspace: INVALID_OPTION: encode: expected --out to write the embeddings to, or --json to print them/);
  });
  it('decode says of a checkpoint that it holds no embeddings, and which file it is', async () => {
    await writeFile(at('net.pt'), 'PK\u0003\u0004 as torch.save writes');
    const { code, stderr } = await cli('decode', at('net.pt'), ...space(), '--out', at('none'));
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${at('net.pt')}: readSafetensors: expected a safetensors file, got a zip archive, such as a PyTorch checkpoint`,
    );
    expect(stderr).toContain("name a file that 'netspace encode' or 'optimize' wrote");
  });
  it('never steer the terminal', async () => {
    const steering = (text: string) => /\p{Cc}/u.test(text.replaceAll('\n', ''));
    await writeFile(at('red.safetensors'), embeddings(['\u001b[31mred', 'two\nrows']));
    const decoded = await cli('decode', at('red.safetensors'), ...space(), '--out', at('red'));
    expect(decoded.stdout).toContain('\\u001b[31mred');
    expect(decoded.stdout.trimEnd().split('\n')).toHaveLength(3);
    const outputs = [
      decoded,
      await cli('zoo', 'list', at('\u001b[31m')),
      await cli('\u001b]0;owned\u0007'),
      await cli('decode', at('red.safetensors'), ...space(), '--out', at('red as json'), '--json'),
      await cli('zoo', 'build', at('\u009b2J'), '--out', at('none'), '--debug'),
    ];
    for (const { stdout, stderr } of outputs) expect(steering(stdout + stderr)).toBe(false);
    expect(JSON.parse(outputs[3]!.stdout)).toMatchObject({ instances: [{ name: '\u001b[31mred' }, { name: 'two\nrows' }] });
  });
});

describe('--out', () => {
  it.each([
    ['decode', () => ['decode', at('none'), ...space()], 'folder'],
    ['interpolate', () => ['interpolate', ...both(), '--from', 'net-0', '--to', 'net-1'], 'folder'],
    ['optimize', () => ['optimize', ...both(), '--start', 'net-0', '--teacher', 'net-1', '--data', 'mnist'], 'folder'],
    ['train', () => ['train', at('none')], 'folder'],
    ['zoo build', () => ['zoo', 'build', at('none')], 'folder'],
    ['zoo import', () => ['zoo', 'import', at('none'), '--architecture', architecture], 'folder'],
    ['export', () => ['export', at('space'), '--zoo', at('zoo')], 'folder'],
    ['encode', () => ['encode', ...both()], 'file'],
    ['report', () => ['report', ...both(), '--data', 'mnist'], 'file'],
  ] as const)('of %s is tried before any work', async (_, args, kind) => {
    await write('a-file', 'kept');
    await mkdir(at('a-folder'), { recursive: true });
    const refused = async (out: string) => {
      const { code, stdout, stderr } = await cli(...args(), '--out', out);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).not.toContain('runtime:'); // nothing was started
      return stderr;
    };
    expect(await refused(kind === 'folder' ? at('a-file') : at('a-folder'))).toMatch(
      /INVALID_OPTION: expected --out to be a (file|folder), got .*; name another path/,
    );
    expect(await refused(at('missing', 'out'))).toMatch(/NOT_FOUND: expected --out in a folder that exists, .* make the folder/);
    expect(await refused(at('a-file', 'out'))).toMatch(/NOT_FOUND: expected --out in a folder that exists/);
    if (process.platform === 'linux') expect(await refused('/proc/out')).toMatch(/UNAVAILABLE: --out: expected to use \/proc/);
    expect(await readFile(at('a-file'), 'utf8')).toBe('kept');
    expect((await readdir(at())).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('sizes', () => {
  it('are refused before memory is taken', async () => {
    const group = { architecture, lengths: [1] };
    await write('many.json', { groups: [{ ...group, seeds: 300_000_000 }] });
    expect((await cli('zoo', 'build', at('many.json'), '--out', at('many'))).stderr).toMatch(
      /LIMIT_EXCEEDED: planZoo: expected at most 10000000 instances, got 300000000/,
    );
    const walk = await cli('interpolate', ...both(), '--from', 'net-0', '--to', 'net-1', '--steps', '1e9');
    expect(walk).toMatchObject({ code: 2, stderr: expect.stringContaining('a whole number from 1 to 10000, got 1000000000') as string });
    expect((await cli('train', at('none'), '--out', at('t'), '--steps', '1e12')).code).toBe(2);
    expect((await cli('evaluate', ...both(), '--data', 'mnist', '--limit', '1.5')).code).toBe(2);
    await write('wide.json', { zoo: at('zoo'), steps: 1, space: { preset: 'tiny', embeddingSize: 64e6 } });
    expect((await cli('train', at('wide.json'), '--out', at('wide'))).stderr).toMatch(/LIMIT_EXCEEDED: NetSpace: expected at most/);
  });
  it('of messages are bounded', async () => {
    const { stderr } = await cli('zoo', 'list', at('x'.repeat(100_000)));
    expect(stderr.length).toBeLessThan(2200);
  });
});

describe('configs', () => {
  const deep = '['.repeat(1e5) + ']'.repeat(1e5);
  it.each([
    ['deep', deep],
    ['deep inside', `{"zoo": ${deep}, "steps": 1}`],
    ['with a toString', '{"zoo": {"toString": 1}, "steps": {"valueOf": 1}}'],
  ])('that are %s are refused by name', async (_, text) => {
    await write('deep.json', text);
    expect((await cli('train', at('deep.json'), '--out', at('deep'))).stderr).toMatch(/^netspace: INVALID_OPTION: .*deep\.json/);
    expect((await cli('zoo', 'build', at('deep.json'), '--out', at('deep'))).stderr).toMatch(/^netspace: INVALID_OPTION: .*deep\.json/);
  });
  it('may begin with a byte order mark', async () => {
    await write('mark.json', '\uFEFF{"steps": 1, "nope": 1}');
    expect((await cli('train', at('mark.json'), '--out', at('deep'))).stderr).toMatch(/mark\.json: .*unknown option nope/);
  });
  it('that are missing are not looked for in a folder without a run', async () => {
    const { code, stderr } = await cli('train', '--out', at('no run there'), '--resume');
    expect(code).toBe(1);
    expect(stderr).toContain('got none; leave --resume out to start one');
  });
  it.skipIf(process.platform === 'win32')('that are pipes or folders are refused by name', async () => {
    execFileSync('mkfifo', [at('pipe.json')]);
    await mkdir(at('folder.json'));
    expect((await cli('train', at('pipe.json'), '--out', at('deep'))).stderr).toMatch(/UNAVAILABLE: .*pipe\.json, got a pipe/);
    expect((await cli('train', at('folder.json'), '--out', at('deep'))).stderr).toMatch(/UNAVAILABLE: .*folder\.json, got a folder/);
  });
});
