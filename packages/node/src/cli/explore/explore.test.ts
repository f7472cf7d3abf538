import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCli } from '../run-cli.js';
import { serveSite, type SiteServer } from './serve-site.js';
import { whenOrphaned } from './when-orphaned.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const chairs = join(root, 'pretrained/chairs');
const builtPage = join(root, 'packages/explorer/dist/page/index.html');

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);

/** What is looked at while a command serves. */
let onAddress = (_text: string): Promise<unknown> => new Promise(setImmediate);

async function explore(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli(['explore', ...args, '--runtime', 'wasm', '--json'], {
    writeOut: (text) => {
      stdout += text;
      if (text.includes('"address"')) void onAddress(text).finally(() => process.emit('SIGINT')); // as Ctrl-C would
    },
    writeErr: (text) => void (stderr += text),
  });
  return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
}

/** Folders that the command makes for a space that was not exported. */
const exported = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('netspace-explore-') && !name.includes('test'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-explore-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

// The page is built by `npm run build`; CI builds before it tests.
describe.skipIf(!existsSync(builtPage))('netspace explore, with the page built', () => {
  it('writes a site that has page, folder and the workflow that publishes it', async () => {
    expect(await explore(chairs, '--out', at('site'))).toMatchObject({ code: 0, answer: { site: at('site') } });
    const files = await readdir(at('site'));
    expect(files).toEqual(expect.arrayContaining(['index.html', 'netspace-explorer.js', 'explorer.json', 'space', '.nojekyll']));
    expect(await readFile(at('site', 'explorer.json'))).toEqual(await readFile(join(chairs, 'explorer.json')));
    expect(await readFile(at('site/.github/workflows/pages.yml'), 'utf8')).toMatch(/actions\/deploy-pages@v4/);
    const again = await explore(chairs, '--out', at('site'));
    expect(again).toMatchObject({ code: 1, answer: { error: { message: expect.stringMatching(/new or an empty folder/) as string } } });
  });

  it('exports a space and its zoo first, and serves until it is told to end', async () => {
    const zoo = join(chairs, 'zoo-heldout');
    const before = new Set(await exported());
    let title: unknown;
    onAddress = async (text) => {
      const { address } = JSON.parse(text) as { address: string };
      title = ((await (await fetch(`${address}explorer.json`)).json()) as { title: string }).title;
    };
    const { code, answer } = await explore(join(chairs, 'space'), '--zoo', zoo, '--instance', 'kenney*', '--port', '0');
    expect([code, answer]).toEqual([0, { address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) as string }]);
    expect(title).toBe('space'); // that of the folder
    expect((await exported()).filter((name) => !before.has(name))).toEqual([]);
  });

  it.each([
    [['space'], /expected explorer\.json in .*, or the folders of its zoos as --zoo, got neither/],
    [['.', '--sample', '5'], /expected no --sample for .*exported already/],
    [['.', '--zoo', 'zoo'], /expected no --zoo/],
  ])('refuses %j', async ([name, ...args], message) => {
    const { code, answer } = await explore(join(chairs, name!), ...args);
    expect([code, answer]).toEqual([
      1,
      { error: expect.objectContaining({ message: expect.stringMatching(message) as string }) as object },
    ]);
  });
});

describe('whenOrphaned', () => {
  const watch = async (npmCommand: string | undefined): Promise<boolean> => {
    let [parent, ended] = ['1 2', false];
    const unwatch = whenOrphaned(() => (ended = true), { env: { npm_command: npmCommand }, every: 5, parents: () => parent });
    await setTimeout(20);
    expect(ended).toBe(false);
    parent = '1 1';
    await setTimeout(20);
    unwatch();
    return ended;
  };
  it('ends a server whose npx is gone, and none that npx has not started', async () => {
    expect([await watch('exec'), await watch('run-script'), await watch(undefined)]).toEqual([true, false, false]);
  });
});

describe('serveSite', () => {
  let site: SiteServer;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(site.address + path, { headers });
  beforeAll(async () => {
    await cp(join(chairs, 'space'), at('served/space'), { recursive: true });
    site = await serveSite([at('served'), chairs], 0);
  });
  afterAll(() => site.server.close());

  it('gives the files of the first folder that has them, parts of them too, under a policy without eval', async () => {
    const whole = await get('embeddings.safetensors');
    const bytes = new Uint8Array(await whole.arrayBuffer());
    expect([whole.status, bytes]).toEqual([200, new Uint8Array(await readFile(join(chairs, 'embeddings.safetensors')))]);
    expect(whole.headers.get('content-security-policy')).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
    const part = await get('embeddings.safetensors', { range: 'bytes=100-' });
    expect([part.status, new Uint8Array(await part.arrayBuffer())]).toEqual([206, bytes.subarray(100)]);
    expect((await get('space/space.json')).status).toBe(200);
  });

  it.each(['nothing', '..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '.git/config', '%00', 'space/..%5c..%5cx'])(
    'gives nothing for %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('says that a port is taken', async () => {
    await expect(serveSite([chairs], Number(new URL(site.address).port))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/--port/) as string,
    });
  });
});
