import '@tensorflow/tfjs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readSafetensors, writeSafetensors } from '@netspace/formats';
import { describeInChromium, launchChromium } from '@netspace/testing/chromium';
import { explorerSite, savedBytes, SOFTWARE_GL } from '@netspace/testing/explorer/page';
import { exploreServer } from '@netspace/testing/explorer/explore-server';
import { dragFromDesktop, dropFiles, explorerStage, soon } from '@netspace/testing/explorer/stage';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import type { ExplorerManifest } from '../folder/manifest.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

describeInChromium("The page of the explorer with a visitor's own", () => {
  const stage = explorerStage({ withShapes: true });
  const { subject, tab, button, value, drag } = stage;
  const said = (text: RegExp) => soon(subject).toMatch(text);

  it('opens a network that was downloaded here, beside its reconstruction, whatever its name', async () => {
    const page = await stage.open(stage.digits, { state: 'shade=0' });
    await page.getByText('Take this network with you').click();
    const { name, bytes } = await savedBytes(page, () => button('safetensors').click());
    expect(name).toMatch(/safetensors$/);
    await button('Copy TypeScript').click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/instanceFromCheckpoint\(architectureByName\("/);
    await dropFiles(page, [{ name: '<img src=x onerror=alert(1)>.safetensors', bytes }]);
    await page.locator('.brought-card').waitFor();
    expect(await page.locator('.brought-card h2').innerText()).toContain('<img src=x');
    expect(await value('agreement')).toMatch(/%$/);
    await button('Walk to it').click();
    await soon(() => page.getByRole('combobox', { name: 'Stop B' }).getAttribute('placeholder')).toContain('<img');
    await dropFiles(page, [{ name: 'broken.pt', bytes: Buffer.from('PK nothing') }]);
    await page.locator('.notice.error').waitFor();
  });

  describe('dragged from a desktop', () => {
    const title = () => stage.page.locator('h1').innerText();
    /** A folder as a zip, in a folder of its name or bare. */
    async function zipOf(path: string, within = ''): Promise<Uint8Array> {
      const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const entries = files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [within + relative(path, file), new Uint8Array(await readFile(file))] as const;
      });
      return zipSync(Object.fromEntries(await Promise.all(entries)));
    }

    it('opens the folder of a space, one that holds it, and its zip', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      const first = await title();
      await dragFromDesktop(page, [join(stage.folder, 'shapes')]);
      await soon(title).toBe('Shapes');
      await page.locator('.status').waitFor();
      const desk = join(stage.folder, 'desk');
      await cp(join(stage.folder, 'digits'), join(desk, 'holds/digits'), { recursive: true });
      await dragFromDesktop(page, [join(desk, 'holds')]);
      await soon(title).toBe(first);
      await page.locator('.status').waitFor();
      await said(/^resnet8/);
      await writeFile(join(desk, 'shapes.zip'), await zipOf(join(stage.folder, 'shapes'), 'shapes/'));
      await dragFromDesktop(page, [join(desk, 'shapes.zip')]);
      await soon(title).toBe('Shapes');
      await page.locator('.status').waitFor();
    });

    it('opens the folder of a model, and the zip of it that was downloaded here', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      await page.getByText('Take this network with you').click();
      const { name, bytes } = await savedBytes(page, () => button('TensorFlow.js model').click());
      const desk = join(stage.folder, 'desk-model');
      await mkdir(join(desk, 'model'), { recursive: true });
      for (const [path, content] of Object.entries(unzipSync(bytes))) await writeFile(join(desk, 'model', path), content);
      await writeFile(join(desk, name), bytes);
      for (const path of ['model', name]) {
        await dragFromDesktop(page, [join(desk, path)]);
        await soon(() => page.locator('.brought-card').count()).toBe(path === name ? 2 : 1);
      }
      expect(await page.locator('[data-value=agreement]').allInnerTexts()).toEqual([
        expect.stringMatching(/%$/),
        expect.stringMatching(/%$/),
      ]);
    });

    it('says what is wrong with what it cannot take, and shows what it showed', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      const first = await title();
      const desk = join(stage.folder, 'desk-wrong');
      await mkdir(join(desk, 'empty'), { recursive: true });
      await writeFile(join(desk, 'broken.zip'), 'PK nothing');
      await writeFile(join(desk, 'notes.zip'), zipSync({ 'notes.txt': new Uint8Array(3) }));
      for (const [path, words] of [
        ['empty', /no files in it/],
        ['broken.zip', /expected broken\.zip to be a zip archive/],
        ['notes.zip', /notes\.txt: .*expected safetensors or a PyTorch checkpoint/],
        ['../digits/space', /a space without explorer\.json; write it with netspace export/],
        ['nowhere.safetensors', /could not be (read|found)/],
      ] as const) {
        await dragFromDesktop(page, [join(desk, path)]);
        await soon(() => page.locator('.notice.error').innerText()).toMatch(words);
        await button('Close this message').click();
      }
      expect(await title()).toBe(first);
      await tab('Network');
      await page.mouse.click(400, 560);
      await said(/^plane/);
    });
  });

  it('runs nothing that a folder brings, and says what to do about a broken one', async () => {
    const manifest = JSON.parse(await readFile(join(stage.folder, 'shapes/explorer.json'), 'utf8')) as ExplorerManifest;
    const evil = '<img src=x onerror="window.evil=1">';
    await cp(join(stage.folder, 'shapes'), join(stage.folder, 'hostile'), { recursive: true });
    const networks = manifest.networks.map((one, i) => ({ ...one, name: `${evil}${i}` }));
    await writeFile(join(stage.folder, 'hostile/explorer.json'), JSON.stringify({ ...manifest, title: evil, description: evil, networks }));
    const names = networks.map(({ name }) => name);
    const { tensors } = readSafetensors(new Uint8Array(await readFile(join(stage.folder, 'hostile/embeddings.safetensors'))));
    await writeFile(
      join(stage.folder, 'hostile/embeddings.safetensors'),
      writeSafetensors(tensors, { metadata: { names: JSON.stringify(names) } }),
    );
    const hostile = await stage.site(join(stage.folder, 'hostile'));
    await stage.open(hostile);
    expect(await stage.page.locator('h1').innerText()).toBe(evil);
    await said(/^<img/);
    expect(await stage.page.evaluate(() => 'evil' in window)).toBe(false);
    await writeFile(join(stage.folder, 'hostile/explorer.json'), '<!doctype html><title>404</title>');
    await stage.open(hostile, { broken: true });
    expect(await stage.page.locator('.failure').innerText()).toMatch(/explorer\.json: expected JSON; export the space again/);
    await writeFile(join(stage.folder, 'hostile/explorer.json'), JSON.stringify({ ...manifest, networks }));
    await button('Try again').click();
    await stage.page.locator('.status').waitFor();
  });

  it('shows the space on another runtime where the one that a link names does not work', async () => {
    const before = () => void Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
    await stage.open(stage.digits, { state: 'shade=0&runtime=webgpu', before });
    await stage.page.getByText('The fastest runtime that works here is used instead').waitFor();
    await said(/^resnet8/);
    stage.forgive(); // what the runtime itself says of it
  });

  it('refines a network that was brought, or one of the map, and shows encoded and refined side by side', async () => {
    const page = await stage.open(stage.digits, { state: 'shade=0&at=%3Dresnet8-1x28x28-10-w0.125-s1' });
    await button('Refine it').click();
    await page.locator('.refining progress').waitFor();
    await soon(() => page.locator('.refining').innerText()).toMatch(/Step [1-9]\d* of 150/);
    await button('Stop').click();
    await page.locator('[data-value=refined-agreement]').waitFor();
    expect(await value('encoded-agreement')).toMatch(/ %$/);
    expect(await page.locator('.refine').innerText()).toMatch(/\d+ steps in .* s\..*30 images of the sample that no step saw/s);
    await button('Show the refined place').click();
    await said(/^refined from resnet8/);
    expect(await page.locator('.overlay .refined').count()).toBe(1);
    await page.getByText('Take this network with you').click();
    const { bytes } = await savedBytes(page, () => button('safetensors').click());
    await dropFiles(page, [{ name: 'mine.safetensors', bytes }]);
    await page.locator('.brought-card').waitFor();
    await button('Refine it').click();
    await soon(() => page.locator('.refining').innerText()).toMatch(/Step [1-9]/);
    await button('Stop').click();
    await page.locator('.brought-card [data-value=refined-agreement]').waitFor();
    await button('Walk from encoded to refined').click();
    await soon(() => page.getByRole('combobox', { name: 'Stop B' }).getAttribute('title')).toBe('refined from mine');
  });

  it('puts a drawing, labelled drawings and a network that was brought into a link, and says what the link leaves out', async () => {
    const page = await stage.open(stage.digits, { state: 'shade=0' });
    await page.getByText('Take this network with you').click();
    const { bytes } = await savedBytes(page, () => button('safetensors').click());
    await dropFiles(page, [{ name: 'mine & yours.safetensors', bytes }]);
    await page.locator('.brought-card').waitFor();
    await button('Show on the map').click();
    await tab('Draw');
    const pad = (await page.locator('.pad').boundingBox())!;
    await drag([[pad.x + 0.5 * pad.width, pad.y + 0.2 * pad.height], [pad.x + 0.6 * pad.width, pad.y + 0.8 * pad.height]]); // prettier-ignore
    await page.getByLabel(/Keep it/).selectOption('1');
    const drawn = () => stage.page.locator('.seen canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const column = () => stage.page.locator('.probabilities tbody td:nth-child(2)').allInnerTexts();
    await soon(async () => (await column()).filter((text) => /^\d+ %$/.test(text)).length).toBe(10);
    const [image, answers] = [await drawn(), await column()];
    await soon(() => page.url()).toMatch(/at=\*0.*kept=/);
    await button('Copy a link').click();
    await soon(() => page.locator('.notice').innerText()).toMatch(
      /Copied the link\. It leaves out the weights of networks that were brought/,
    );
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await stage.open(stage.digits, { state: new URL(link).hash.slice(1) });
    await soon(drawn).toBe(image);
    await soon(column).toEqual(answers);
    await stage.page.getByText('1 kept').waitFor();
    await tab('Your own');
    expect(await stage.page.locator('.brought-card').innerText()).toMatch(/came with the link.*mine & yours.*not its weights/is);
    await tab('Network');
    await said(/^mine & yours$/);
  });

  describe('where something breaks', () => {
    it('goes on where a download ended, once the visitor asks for it again', async () => {
      const folder = join(stage.folder, 'digits/space');
      const [name] = (await readdir(folder)).filter((file) => file !== 'space.json');
      const bytes = await readFile(join(folder, name!));
      const half = Math.floor(bytes.length / 2);
      const ranges: (string | undefined)[] = [];
      stage.digits.instead.set(`/space/${name}`, (response, range) => {
        ranges.push(range);
        if (range === undefined) {
          response.writeHead(200, { 'content-length': bytes.length, etag: '"1"', 'accept-ranges': 'bytes' });
          response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 300));
        } else {
          response.destroy(); // the line stays down
        }
      });
      const page = await stage.open(stage.digits, { broken: true });
      expect(await page.locator('.failure').innerText()).toMatch(/before the connection broke; try again, it goes on from there/);
      expect(ranges[0]).toBeUndefined();
      expect(ranges.slice(1).every((range) => range === `bytes=${half}-`)).toBe(true);
      stage.forgive();
      stage.digits.instead.set(`/space/${name}`, (response, range) => {
        ranges.push(range);
        const from = Number(/\d+/.exec(range!)![0]);
        const headers = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`, 'content-length': bytes.length - from };
        response.writeHead(206, { ...headers, etag: '"1"' }).end(bytes.subarray(from));
      });
      await button('Try again').click();
      await page.locator('.status').waitFor();
      stage.digits.instead.clear();
      expect(ranges.at(-1)).toBe(`bytes=${half}-`);
      await soon(() => page.locator('[data-value=accuracy]').count()).toBe(1);
    });

    it('draws the shape again once the graphics card is back', async () => {
      const page = await stage.open(stage.shapes, { state: 'tab=walk' });
      await soon(() => page.locator('.shape').getAttribute('data-triangles').then(Number)).toBeGreaterThan(0);
      const canvas = page.locator('.shape canvas');
      const ink = () => canvas.evaluate((element: HTMLCanvasElement) => {
        const flat = document.createElement('canvas');
        [flat.width, flat.height] = [element.width, element.height];
        const context = flat.getContext('2d')!;
        context.drawImage(element, 0, 0);
        return context.getImageData(0, 0, flat.width, flat.height).data.filter((v, i) => i % 4 === 3 && v > 0).length;
      }); // prettier-ignore
      await soon(ink).toBeGreaterThan(1000);
      const before = await ink();
      const lost = await canvas.evaluateHandle((element: HTMLCanvasElement) => {
        const extension = element.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
        extension.loseContext();
        return extension;
      });
      await page.getByText('The graphics card took its memory back').waitFor();
      await page.waitForTimeout(100); // Chromium gives none back in the moment that it took it
      await lost.evaluate((extension) => extension.restoreContext());
      await page.getByText('The graphics card took its memory back').waitFor({ state: 'detached' });
      await soon(ink).toBeGreaterThan(0.9 * before); // a shape may have been coarse before, and be fine now
    });

    it('says so, and what to do, where there is not enough memory', async () => {
      // WebAssembly of this browser gets 18 MB: enough to open the space, not to run its networks.
      const small = await launchChromium([...SOFTWARE_GL, '--js-flags=--wasm-max-mem-pages=288']);
      const site = await explorerSite(join(stage.folder, 'page'), join(root, 'pretrained/digits'), small);
      const { page } = await site.open({ state: 'runtime=wasm&shade=0' });
      await page.getByText(/There was not enough memory .*Close other tabs, then load this page again/).waitFor();
      expect(await page.locator('.class-id li b').allInnerTexts()).toEqual(['–', '–', '–']);
      const again = page.waitForEvent('framenavigated');
      await page.getByRole('button', { name: 'Load the page again' }).click();
      await again;
      await small.close();
      await site.close();
    });
  });

  it.each(['a static site', 'netspace explore'] as const)('shows the space after a reload without any server: %s', async (kind) => {
    const { address, stop } = await exploreServer(kind, [join(stage.folder, 'page'), join(stage.folder, 'digits')]);
    const page = await stage.open(stage.digits, { state: 'shade=0', keeps: true, address });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (navigator.serviceWorker.controller === null) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    stop();
    await page.mouse.click(400, 560);
    await said(/^plane/);
    await soon(() => page.url()).toMatch(/at=/);
    const place = await subject();
    await page.reload();
    await page.locator('.status').waitFor();
    await said(new RegExp(`^${place.replace(/[().]/g, '\\$&')}$`));
    // A part of the page that was never used till now.
    await tab('Optimize');
    await page.getByRole('spinbutton', { name: 'Steps' }).fill('2');
    await page.getByRole('spinbutton', { name: 'Steps' }).press('Tab');
    await button('Start').click();
    await soon(() => value('step')).toBe('2');
    stage.forgive(); // the browser says of each file that it could not be asked for
  });
});
