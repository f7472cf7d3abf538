import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetSpace } from '@netspace/model';
import { startHubServer, type HubServer } from '@netspace/testing/hub-server';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { fileListText, type ListedFile } from '../hub/file-list.js';
import { fingerprint } from '../hub/list-folder.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import { runCli } from './run-cli.js';

const TOKEN = 'hf_aVerySecretToken123';
let hub: HubServer;
let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

async function netspace(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--runtime', 'wasm', '--json', '--debug'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  expect(stdout + stderr).not.toContain(TOKEN);
  return { code, stderr, result: stdout === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>) };
}

/** All files of a folder, by path. */
async function contents(of: string): Promise<Record<string, string>> {
  const entries = await readdir(of, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries<string>(
    await Promise.all(
      files.map(async (path): Promise<[string, string]> => [path.slice(of.length + 1), (await readFile(path)).toString('base64')]),
    ),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-hub-'));
  hub = await startHubServer(TOKEN);
  process.env['HF_ENDPOINT'] = hub.address;
  await selectRuntime({ prefer: 'wasm' });
  const architecture = architectureByName('lenet-like-1x28x28-10-w0.1');
  const space = new NetSpace({ architectures: [architecture], prepShape: [8, 200], preset: 'tiny' });
  await space.save(fileHandler(at('space')));
  space.dispose();
  const store = openInstanceStore(directoryFiles(at('zoo')));
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  await store.add({ name: 'n1', instance, epochs: 1, seed: 1, metrics: {} });
  expect(await netspace('export', at('space'), '--zoo', at('zoo'), '--out', at('page'), '--license', 'MIT')).toMatchObject({ code: 0 });
}, 120_000);
beforeEach(() => {
  process.env['HF_TOKEN'] = TOKEN;
  hub.requests.length = 0;
  hub.breakOff.length = 0;
});
afterAll(async () => {
  delete process.env['HF_TOKEN'];
  delete process.env['HF_ENDPOINT'];
  tf.disposeVariables();
  await hub.close();
  await rm(folder, { recursive: true });
});

/** A folder on the web, with a list that says of it what a test wants. */
async function webFolder(
  name: string,
  files: Readonly<Record<string, string>>,
  lie: (listed: ListedFile[]) => unknown = (listed) => listed,
) {
  const listed: ListedFile[] = [];
  for (const [path, text] of Object.entries(files)) {
    await writeFile(at('one'), text);
    listed.push({ path, ...(await fingerprint(at('one'))) });
  }
  const all = { ...files, 'netspace-files.json': fileListText(lie(listed) as ListedFile[]) };
  hub.repositories.set(`web/${name}`, {
    isPrivate: false,
    files: new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)])),
  });
  return `${hub.address}/web/${name}/resolve/main`;
}

describe('netspace push and pull', () => {
  it('bring an exported space to a hub and back, byte for byte; it loads from there', async () => {
    const pushed = await netspace('push', at('page'), 'me/digits', '--private');
    expect(pushed).toMatchObject({ code: 0, result: { repository: 'me/digits', url: expect.stringContaining('/commit/') as string } });
    expect(hub.repositories.get('me/digits')!.isPrivate).toBe(true);
    expect(pushed.stderr).toMatch(/^uploading \d+ files, [\d.]+ [kM]B, to the new repository me\/digits at http:/);
    expect(hub.requests.filter(({ origin, line }) => origin === 'storage' && line.startsWith('PUT')).length).toBeGreaterThan(1);

    expect(await netspace('pull', 'me/digits', at('back'))).toMatchObject({ code: 0, result: { files: pushed.result!['files'] } });
    expect(await contents(at('back'))).toEqual(await contents(at('page')));
    expect(await readdir(folder)).not.toContain('back.partial');

    // The storage, another origin, is never told the token.
    const downloads = hub.requests.filter(({ line }) => line.startsWith('GET'));
    expect(downloads.filter(({ origin }) => origin === 'storage').map(({ authorized }) => authorized)).not.toContain(true);
    expect(downloads.some(({ origin, authorized }) => origin === 'hub' && authorized)).toBe(true);

    hub.repositories.set('me/open', { ...hub.repositories.get('me/digits')!, isPrivate: false });
    const space = await NetSpace.load(`${hub.address}/me/open/resolve/main/space`, { architectures: (name) => architectureByName(name) });
    expect(space.config.embeddingSize).toBe(64);
    space.dispose();
  });

  it('push a card where there is none, and once more over what is there', async () => {
    await rm(at('back', 'README.md'));
    expect(await netspace('push', at('back'), 'me/other', '--message', 'second')).toMatchObject({ code: 0 });
    expect(hub.repositories.get('me/other')!.files.get('README.md')!.toString()).toMatch(/^---\nlicense: mit\nlibrary_name: netspace\n/);
    expect(await netspace('push', at('page'), 'me/other')).toMatchObject({ code: 0 });
  });

  it('pull a download on that breaks off', async () => {
    const address = await webFolder('torn', { 'a.bin': 'x'.repeat(5000), 'b/c.bin': 'y'.repeat(300_000) });
    hub.breakOff.push(2000, 100_000, 50_000);
    expect(await netspace('pull', address, at('torn'))).toMatchObject({ code: 0, result: { files: 2, bytes: 305_000 } });
    expect((await readFile(at('torn', 'b', 'c.bin'))).equals(Buffer.alloc(300_000, 'y'))).toBe(true);
  });

  it('leave no folder after a failure, and go on from what had come', async () => {
    const address = await webFolder('gone', { 'a.bin': 'x'.repeat(5000), 'b.bin': 'y'.repeat(90_000) });
    hub.breakOff.push(...Array.from({ length: 8 }, () => 0), 0);
    expect(await netspace('pull', address, at('gone'))).toMatchObject({
      code: 1,
      result: { error: { code: 'UNAVAILABLE' } },
    });
    await expect(readdir(at('gone'))).rejects.toThrow('ENOENT');
    hub.breakOff.length = 0;
    hub.requests.length = 0;
    // What a process leaves that was killed after a file and a part of another.
    const sha256 = createHash('sha256').update('y'.repeat(90_000)).digest('hex');
    await mkdir(at('gone.partial', 'parts'), { recursive: true });
    await writeFile(at('gone.partial', 'parts', sha256), 'y'.repeat(40_000));
    await mkdir(at('gone.partial', 'files'), { recursive: true });
    await writeFile(at('gone.partial', 'files', 'a.bin'), 'x'.repeat(5000));
    await writeFile(at('gone.partial', 'files', 'of-a-former-list'), '');
    expect(await netspace('pull', address, at('gone'))).toMatchObject({ code: 0 });
    expect(hub.requests.some(({ line }) => line.endsWith('a.bin'))).toBe(false); // it was there already
    expect(hub.requests.map(({ range }) => range)).toContain('bytes=40000-');
    expect((await readdir(at('gone'))).sort()).toEqual(['a.bin', 'b.bin', 'netspace-files.json']);
    expect((await readFile(at('gone', 'b.bin'), 'utf8')) === 'y'.repeat(90_000)).toBe(true);
  });

  it.each([
    ['a file that leads out of the folder', 'CORRUPT_FILE', (listed: ListedFile[]) => [{ ...listed[0], path: '../evil' }]],
    ['two files of one name', 'CORRUPT_FILE', (listed: ListedFile[]) => [listed[0], { ...listed[0], path: 'A.TXT' }]],
    ['another checksum', 'CORRUPT_FILE', (listed: ListedFile[]) => [{ ...listed[0], sha256: 'b'.repeat(64) }]],
    ['fewer bytes than come', 'CORRUPT_FILE', (listed: ListedFile[]) => [{ ...listed[0], bytes: 3 }]],
    ['more bytes than come', 'UNAVAILABLE', (listed: ListedFile[]) => [{ ...listed[0], bytes: 9000 }]],
    ['more bytes than a folder may have', 'LIMIT_EXCEEDED', (listed: ListedFile[]) => [{ ...listed[0], bytes: 2 ** 40 }]],
    ['a file that is not there', 'NOT_FOUND', (listed: ListedFile[]) => [{ ...listed[0], path: 'none.txt' }]],
  ])('refuse a list with %s, and write nothing', async (name, code, lie) => {
    const address = await webFolder('lying', { 'a.txt': 'hello' }, lie);
    const to = at(`lying ${name}`);
    expect(await netspace('pull', address, to)).toMatchObject({ code: 1, result: { error: { code } } });
    await expect(readdir(to)).rejects.toThrow('ENOENT');
    await expect(readFile(at('evil'))).rejects.toThrow('ENOENT');
  });

  it('say what is wrong: no list, no token, a wrong one, no right, a link, a folder that is no export', async () => {
    hub.repositories.set('me/bare', { isPrivate: false, files: new Map() });
    expect((await netspace('pull', 'me/bare', at('x'))).stderr).toMatch(/NOT_FOUND|expected netspace-files.json at/);
    expect((await netspace('pull', 'me/none', at('x'))).result).toMatchObject({ error: { code: 'NOT_FOUND' } });
    process.env['HF_TOKEN'] = 'hf_another';
    expect((await netspace('pull', 'me/digits', at('x'))).stderr).toMatch(/status 401; set HF_TOKEN to a token that may read/);
    expect((await netspace('push', at('page'), 'me/open')).stderr).toMatch(/set HF_TOKEN to a token that may write to me\/open/);
    expect((await netspace('push', at('page'), 'me/open')).stderr).not.toContain('hf_another');
    delete process.env['HF_TOKEN'];
    expect((await netspace('push', at('page'), 'me/open')).stderr).toMatch(
      /^NetSpaceError: push: expected a token that may write, got none; set HF_TOKEN/, // nothing is said before it
    );
    process.env['HF_TOKEN'] = TOKEN;
    process.env['HF_ENDPOINT'] = 'http://127.0.0.1:1';
    const unreachable = await netspace('push', at('page'), 'me/open');
    process.env['HF_ENDPOINT'] = hub.address;
    expect(unreachable.stderr).toMatch(
      /^NetSpaceError: push: expected the hub at http:\/\/127\.0\.0\.1:1 to take me\/open, got "fetch failed: .+"; check the network, and HF_ENDPOINT/,
    );
    expect((await netspace('push', at('space'), 'me/open')).stderr).toMatch(/netspace export .* --zoo ZOO/);
    expect((await netspace('push', at('page'), 'http://host/x')).stderr).toMatch(/expected OWNER\/NAME, got http/);
    expect((await netspace('pull', 'me/digits', at('page'))).stderr).toMatch(/new or an empty folder/);
    await mkdir(at('linked'));
    await writeFile(at('linked', 'explorer.json'), await readFile(at('page', 'explorer.json')));
    await symlink('/etc/hostname', at('linked', 'secret'));
    expect((await netspace('push', at('linked'), 'me/open')).stderr).toMatch(/got secret, which is a link/);
    const before = hub.requests.length;
    await mkdir(at('cased'));
    for (const name of ['explorer.json', 'Readme.md']) await writeFile(at('cased', name), await readFile(at('page', 'explorer.json')));
    const cased = await netspace('push', at('cased'), 'me/open'); // the card is README.md
    expect(cased.result).toMatchObject({ error: { code: 'INVALID_OPTION' } });
    expect(cased.stderr).toMatch(/push: .*cased: expected each path once, got README\.md and Readme\.md, .*; rename one/);
    expect(hub.requests.length).toBe(before);
  });
});
