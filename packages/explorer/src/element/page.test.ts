import '@tensorflow/tfjs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readSafetensors, writeSafetensors } from '@netspace/formats';
import { encodePng } from '@netspace/report/pictures';
import { buildExplorer } from '@netspace/testing/built-explorer';
import { describeInChromium, launchChromium } from '@netspace/testing/chromium';
import { writeCrowdFolder } from '@netspace/testing/explorer-crowd';
import { writeDigitsFolder } from '@netspace/testing/explorer-folder';
import { type ExplorerPage, explorerSite, type ExplorerSite, savedBytes, SOFTWARE_GL } from '@netspace/testing/explorer-page';
import { monkey } from '@netspace/testing/explorer-monkey';
import { writeShapesFolder } from '@netspace/testing/explorer-shapes';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { ExplorerManifest } from '../folder/manifest.js';

/** What a page shows after a while: machines that also train are slow. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

describeInChromium('The page of the explorer', () => {
  let folder: string;
  let browser: Browser;
  let digits: ExplorerSite;
  let shapes: ExplorerSite;
  let now: ExplorerPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'explorer-page-'));
    await Promise.all([buildExplorer('test', join(folder, 'page')), writeDigitsFolder(join(folder, 'digits'), { images: 60 })]);
    await writeShapesFolder(join(folder, 'shapes'));
    browser = await launchChromium(SOFTWARE_GL);
    digits = await explorerSite(join(folder, 'page'), join(folder, 'digits'), browser);
    shapes = await explorerSite(join(folder, 'page'), join(folder, 'shapes'), browser);
  });
  afterAll(async () => {
    await digits.close();
    await shapes.close();
    await browser.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    expect(now.errors).toEqual([]);
    await now.close();
  });

  const subject = () => now.page.locator('.subject .name').innerText();
  const said = (text: RegExp) => soon(subject).toMatch(text);

  const tab = (name: string) => now.page.getByRole('tab', { name }).click();
  const button = (name: string | RegExp) => now.page.getByRole('button', { name });
  const value = (name: string) => now.page.locator(`[data-value="${name}"]`).innerText();
  const drag = async (points: readonly (readonly [number, number])[]) => {
    const { mouse } = now.page;
    await mouse.move(...points[0]!);
    await mouse.down();
    for (const point of points.slice(1)) await mouse.move(...point, { steps: 4 });
    await mouse.up();
  };

  describe('the map', () => {
    it('decodes under the cursor: by a press, a drag, keys and search; undo goes back', async () => {
      now = await digits.open({ state: 'shade=0' });
      const { page } = now;
      await said(/^resnet8.*-s4$/);
      await page.mouse.click(500, 640);
      await said(/^plane/);
      const first = await subject();
      await drag([[500, 640], [420, 600]]); // prettier-ignore
      await soon(subject).not.toBe(first);
      await page.locator('.plane').press('Control+z');
      await soon(subject).toBe(first);
      await page.locator('.plane').press('Control+Shift+z');
      await soon(subject).not.toBe(first);
      await page.locator('.plane').press('ArrowRight');
      await said(/^plane/);
      await page.locator('.plane').press('Enter');
      await said(/-s\d$/);
      await page.getByRole('combobox', { name: 'Find a network' }).fill('vanilla s2');
      await page.keyboard.press('Enter');
      await said(/^vanilla-cnn-1x28x28-10-w0.25-s2$/);
      await soon(() => value('said')).toMatch(/^vanilla-cnn.*accuracy \d/);
    });

    it('shows what lies under the pointer, rings networks with the lasso, exports them', async () => {
      now = await digits.open({ state: 'shade=0' });
      const { page } = now;
      const cursor = await page.locator('.cursor').boundingBox();
      await page.mouse.move(cursor!.x + cursor!.width / 2, cursor!.y + cursor!.height / 2);
      await page.locator('.hover-card .picture:not(.empty)').waitFor();
      expect(await page.locator('.hover-card').innerText()).toMatch(/resnet8.*held out/is);
      await button('Lasso').click();
      await drag([[20, 200], [600, 200], [600, 780], [20, 780]]); // prettier-ignore
      await soon(() => value('chosen')).toBe('4');
      const list = await savedBytes(page, () => button('Export list').click());
      expect(list.name).toBe('networks.csv');
      const lines = list.bytes.toString().trim().split('\r\n');
      expect(lines).toHaveLength(5);
      expect(lines[0]).toBe('name,architecture,heldOut,length,seed,predictedAccuracy,testAccuracy,x,y');
      const embeddings = await savedBytes(page, () => button('Export embeddings').click());
      expect(embeddings.bytes.toString().split('\r\n')[1]!.split(',')).toHaveLength(65);
    });

    it('zooms and pans by wheel, buttons, keys and two fingers, and shows all again', async () => {
      now = await digits.open({ state: 'shade=0&zoom=2', width: 390, height: 844, touch: true });
      const { page } = now;
      const zoom = () => page.evaluate(() => Number(new URLSearchParams(location.hash.slice(1)).get('zoom') ?? 1));
      expect(await zoom()).toBe(2);
      await button('Zoom in').click();
      await soon(zoom).toBe(3);
      await page.mouse.move(180, 300);
      await page.mouse.wheel(0, -120);
      await soon(zoom).toBeGreaterThan(3);
      await page.locator('.plane').press('0');
      await soon(zoom).toBe(1);
      const pinch = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', spread: number) =>
        pinch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: 150 - spread, y: 330, id: 1 }, { x: 150 + spread, y: 330, id: 2 }] }); // prettier-ignore
      await touch('touchStart', 20);
      for (const spread of [30, 40, 50]) await touch('touchMove', spread);
      await touch('touchEnd', 50);
      await soon(zoom).toBeGreaterThan(1.5);
    });

    it('shades the plane, colors by architecture, shows the held-out alone, and computes UMAP', async () => {
      now = await digits.open();
      const { page } = now;
      await page.locator('[data-heat="9"], [data-heat="17"]').waitFor();
      await page.getByRole('combobox', { name: 'Color' }).selectOption('architecture');
      expect(await page.locator('.legend').innerText()).toMatch(/ResNet8.*LeNet-like.*Vanilla CNN/s);
      await page.getByRole('combobox', { name: 'Show' }).selectOption('heldOut');
      await button('UMAP').click();
      await page.locator('.axes', { hasText: 'UMAP 1' }).waitFor();
      await page.locator('.plane').press('ArrowRight');
      await said(/-s4$/);
    });
  });

  it('draws thousands of networks with WebGL, and without it where there is none', async () => {
    await writeCrowdFolder(join(folder, 'digits'), join(folder, 'crowd'), 4000);
    const crowd = await explorerSite(join(folder, 'page'), join(folder, 'crowd'), browser);
    const kind = () =>
      now.page.locator('.points canvas').evaluate((canvas: HTMLCanvasElement) => (canvas.getContext('webgl2') === null ? '2d' : 'webgl2'));
    now = await crowd.open({ state: 'shade=0' });
    await soon(kind).toBe('webgl2');
    await button('Lasso').click();
    await drag([[20, 150], [900, 150], [900, 800], [20, 800]]); // prettier-ignore
    await soon(async () => Number(await value('chosen'))).toBeGreaterThan(1000);
    await soon(() => now.page.url().length).toBeLessThan(1000);
    await now.close();
    now = await crowd.open({ state: 'shade=0', before: withoutWebGl });
    await now.page.waitForTimeout(300);
    expect(await kind()).toBe('2d');
    (now.errors as string[]).length = 0; // three reports it too
    await crowd.close();
  });

  describe('the state', () => {
    it('lies in the address: a reload and a shared link show the same', async () => {
      now = await digits.open({ state: 'shade=0' });
      const { page } = now;
      await page.mouse.click(400, 560);
      await page.getByRole('combobox', { name: 'Color' }).selectOption('length');
      await tab('Walk');
      await page.getByRole('slider', { name: 'Gamma' }).fill('0.3');
      await soon(() => page.url()).toMatch(/gamma=0.3/);
      const shown = () => page.locator('.view').innerText();
      await soon(() => page.locator('[data-value="accuracy"]').count()).toBe(1);
      const before = await page.getByRole('slider', { name: 'Gamma' }).inputValue();
      const hash = new URL(page.url()).hash;
      await page.reload();
      await page.locator('.status').waitFor();
      expect(new URL(page.url()).hash).toBe(hash);
      expect(await page.getByRole('slider', { name: 'Gamma' }).inputValue()).toBe(before);
      expect(await page.getByRole('combobox', { name: 'Color' }).inputValue()).toBe('length');
      expect(await shown()).toMatch(/0\.300/);
      await button('Copy a link').click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
      await page.evaluate(() => (location.hash = 'tab=look&shade=0&at=1,2'));
      await said(/^plane \(1\.00, 2\.00\)$/);
    });
  });

  describe('the walk', () => {
    it('goes along a line by γ, plays, draws its curve, and is exported as CSV, PNG and a film', async () => {
      now = await digits.open({ state: 'shade=0&tab=walk&seconds=1' });
      const { page } = now;
      await soon(() => page.locator('.chart .series.main').getAttribute('points').then((points) => points?.split(' ').length)).toBe(21); // prettier-ignore
      await page.getByRole('slider', { name: 'Gamma' }).press('ArrowRight');
      await soon(() => page.locator('.gamma output').innerText()).toBe('0.505');
      await button('Play').click();
      await soon(() => page.locator('.gamma output').innerText()).not.toBe('0.505');
      await button('Pause').click();
      const csv = await savedBytes(page, () => button('CSV').click());
      expect(csv.bytes.toString().trim().split('\r\n')).toHaveLength(22);
      const png = await savedBytes(page, () => button('PNG').click());
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      const film = await savedBytes(page, () => button('Film').click());
      expect(film.name).toBe('walk.webm');
      expect(film.bytes.subarray(0, 4).toString('hex')).toBe('1a45dfa3'); // EBML
    });

    it('goes through a triangle and along a drawn path, whose stops are set by press, search and cursor', async () => {
      now = await digits.open({ state: 'shade=0&tab=walk&walk=triangle' });
      const { page } = now;
      const weights = () => page.locator('.triangle ul').innerText();
      const before = await weights();
      await page.getByRole('slider', { name: /three stops/ }).press('Shift+ArrowLeft');
      await soon(weights).not.toBe(before);
      await button('Set A by a press').click();
      await page.mouse.click(500, 640);
      await soon(() => page.getByRole('combobox', { name: 'Stop A' }).getAttribute('placeholder')).toMatch(/^plane/);
      await button('Set B to the cursor').click();
      await page.getByRole('combobox', { name: 'Stop C' }).fill('lenet s3');
      await page.keyboard.press('Enter');
      await soon(() => page.getByRole('combobox', { name: 'Stop C' }).getAttribute('placeholder')).toBe('lenet-like-1x28x28-10-w0.25-s3');
      await button('Draw a path to walk').click();
      await drag([[100, 300], [400, 650], [700, 300]]); // prettier-ignore
      await soon(() => page.locator('.view').innerText()).toMatch(/A path of \d+ stops/);
      await page.locator('.plane').press('ArrowRight');
      await soon(() => page.locator('.gamma output').innerText()).toBe('0.020');
    });

    it('turns a shape with mouse and keys, redraws it along γ, and says so where there is no WebGL', async () => {
      now = await shapes.open({ state: 'tab=walk' });
      const { page } = now;
      const triangles = () => page.locator('.shape').getAttribute('data-triangles').then(Number);
      await soon(triangles).toBeGreaterThan(0);
      await page.locator('.shape canvas').waitFor();
      const picture = () => page.locator('.stage').screenshot({ type: 'jpeg' });
      const first = await picture();
      await page.locator('.stage').press('ArrowLeft');
      expect((await picture()).equals(first)).toBe(false);
      const before = await triangles();
      await page.getByRole('slider', { name: 'Gamma' }).fill('0');
      await soon(triangles).not.toBe(before);
      await now.close();
      now = await shapes.open({ before: withoutWebGl });
      await now.page.getByText('Shapes need WebGL').waitFor();
      (now.errors as string[]).length = 0; // three reports it too
    });
  });

  describe('the network at work', () => {
    it('reads what is drawn by mouse and keys, picked from the sample, or in a file', async () => {
      now = await digits.open({ state: 'shade=0&tab=draw' });
      const { page } = now;
      const column = () => page.locator('.probabilities tbody td:nth-child(2)').allInnerTexts();
      await soon(async () => (await column()).filter((text) => /^\d+ %$/.test(text)).length).toBe(10);
      await button('Image 3, a').click();
      await soon(() => page.locator('.seen').innerText()).toMatch(/sample 3, a \d/);
      const pad = (await page.locator('.pad').boundingBox())!;
      const on = (x: number, y: number) => [pad.x + x * pad.width, pad.y + y * pad.height] as const;
      await drag([on(0.5, 0.2), on(0.5, 0.8)]);
      await soon(() => page.locator('.seen').innerText()).toMatch(/your drawing/);
      await page.locator('.pad').press('Space');
      for (let i = 0; i < 6; i++) await page.locator('.pad').press('ArrowRight');
      await page.locator('.pad').press('Space');
      const ink = () => page.locator('.pad canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, 28, 28).data.filter((v, i) => i % 4 === 0 && v > 128).length); // prettier-ignore
      const drawn = await ink();
      expect(drawn).toBeGreaterThan(40);
      await page.locator('.pad').press('Control+z');
      await soon(ink).toBeLessThan(drawn);
      await page.getByLabel(/Keep it/).selectOption('1');
      await page.getByText('1 kept').waitFor();
      await button('Clear').click();
      await page.locator('input[type=file]').setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: Buffer.from(encodePng({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(255) })) }); // prettier-ignore
      await soon(() => page.locator('.seen').innerText()).toMatch(/your drawing/);
      await page.locator('input[type=file]').setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
      await page.getByText('two.png is not an image').waitFor();
    });
  });

  describe('the optimizer', () => {
    it('starts at the cursor, shows its path and curves, steps, stops, and learns what was drawn', async () => {
      now = await digits.open({ state: 'shade=0&tab=optimize&steps=3&batch=8' });
      const { page } = now;
      const step = () => page.locator('[data-value="step"]').innerText().then(Number);
      await button('Start').click();
      await soon(step).toBe(3);
      await page.locator('.overlay .way').waitFor({ state: 'attached' });
      expect(await page.locator('[data-value="weights-accuracy"]').count()).toBe(1);
      await button('One step').click();
      await soon(step).toBe(4);
      await page.getByRole('spinbutton', { name: 'Steps' }).fill('400');
      await page.getByRole('spinbutton', { name: 'Steps' }).press('Tab');
      await button('Go on').click();
      await button('Stop').click();
      await button('Start').waitFor();
      expect(await step()).toBeLessThan(404);
      await button('On my drawings').click();
      await button('Start').click();
      await page.getByText('There is no digit to learn yet').waitFor();
    });
  });

  describe("a visitor's own", () => {
    it('opens a network that was downloaded here, beside its reconstruction, and a zip of the whole space', async () => {
      now = await digits.open({ state: 'shade=0' });
      const { page } = now;
      await page.getByText('Take this network with you').click();
      const { name, bytes } = await savedBytes(page, () => button('safetensors').click());
      expect(name).toMatch(/safetensors$/);
      await button('Copy TypeScript').click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/instanceFromCheckpoint\(architectureByName\("/);
      await drop(page, [{ name: '<img src=x onerror=alert(1)>.safetensors', bytes }]);
      await page.locator('.brought-card').waitFor();
      expect(await page.locator('.brought-card h2').innerText()).toContain('<img src=x');
      expect(await value('agreement')).toMatch(/%$/);
      await button('Walk to it').click();
      await soon(() => page.getByRole('combobox', { name: 'Stop B' }).getAttribute('placeholder')).toContain('<img');
      await drop(page, [{ name: 'broken.pt', bytes: Buffer.from('PK nothing') }]);
      await page.locator('.notice.error').waitFor();
      const paths = (await readdir(join(folder, 'shapes'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const entries = await Promise.all(
        paths.map(async ({ parentPath, name: file }) => {
          const path = join(parentPath, file);
          return [relative(join(folder, 'shapes'), path), new Uint8Array(await readFile(path))] as const;
        }),
      );
      await drop(page, [{ name: 'shapes.zip', bytes: Buffer.from(zipSync(Object.fromEntries(entries))) }]);
      await soon(() => page.locator('h1').innerText()).toBe('Shapes');
      await page.locator('.status').waitFor();
    });

    it('runs nothing that a folder brings, and says what to do about a broken one', async () => {
      const manifest = JSON.parse(await readFile(join(folder, 'shapes/explorer.json'), 'utf8')) as ExplorerManifest;
      const evil = '<img src=x onerror="window.evil=1">';
      await cp(join(folder, 'shapes'), join(folder, 'hostile'), { recursive: true });
      const networks = manifest.networks.map((one, i) => ({ ...one, name: `${evil}${i}` }));
      await writeFile(join(folder, 'hostile/explorer.json'), JSON.stringify({ ...manifest, title: evil, description: evil, networks }));
      const names = networks.map(({ name }) => name);
      const { tensors } = readSafetensors(new Uint8Array(await readFile(join(folder, 'hostile/embeddings.safetensors'))));
      await writeFile(
        join(folder, 'hostile/embeddings.safetensors'),
        writeSafetensors(tensors, { metadata: { names: JSON.stringify(names) } }),
      );
      const hostile = await explorerSite(join(folder, 'page'), join(folder, 'hostile'), browser);
      now = await hostile.open();
      expect(await now.page.locator('h1').innerText()).toBe(evil);
      await said(/^<img/);
      expect(await now.page.evaluate(() => 'evil' in window)).toBe(false);
      await now.close();
      await writeFile(join(folder, 'hostile/explorer.json'), '<!doctype html><title>404</title>');
      now = await hostile.open({ broken: true });
      expect(await now.page.locator('.failure').innerText()).toMatch(/explorer\.json: expected JSON; export the space again/);
      await writeFile(join(folder, 'hostile/explorer.json'), JSON.stringify({ ...manifest, networks }));
      await button('Try again').click();
      await now.page.locator('.status').waitFor();
      await hostile.close();
    });

    it('shows the space on another runtime where the one that a link names does not work', async () => {
      const before = () => void Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
      now = await digits.open({ state: 'shade=0&runtime=webgpu', before });
      await now.page.getByText('The fastest runtime that works here is used instead').waitFor();
      await said(/^resnet8/);
      (now.errors as string[]).length = 0; // what the runtime itself says of it
    });

    it('goes on without a network once the space is here', async () => {
      now = await digits.open({ state: 'shade=0' });
      await now.page.context().setOffline(true);
      await now.page.mouse.click(400, 560);
      await said(/^plane/);
      await tab('Walk');
      await soon(() => now.page.locator('[data-value="accuracy"]').count()).toBe(1);
    });
  });

  describe('for everybody', () => {
    it('has nothing that axe finds and never scrolls sideways, at three widths, light and dark', async () => {
      const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
      for (const [width, height, theme, tabs] of [
        [390, 844, 'light', ['look', 'draw']],
        [390, 844, 'dark', ['walk', 'optimize', 'bring']],
        [1024, 768, 'light', ['walk']],
        [1024, 768, 'dark', ['look', 'draw']],
        [1440, 900, 'dark', ['walk', 'bring']],
        [1440, 900, 'light', ['look', 'walk', 'draw', 'optimize']],
      ] as const) {
        if (width !== 390 || theme !== 'light') await now.close();
        now = await digits.open({ state: `shade=0&tab=${tabs[0]}`, width, height, theme });
        const { page } = now;
        await page.evaluate(axe);
        for (const one of tabs) {
          await page.locator(`#tab-${one}`).click();
          if (one !== 'bring' && one !== 'optimize') await page.waitForTimeout(200);
          expect({ width, theme, one, found: await page.evaluate(runAxe) }).toEqual({ width, theme, one, found: [] });
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
          expect(await page.locator('.view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBeLessThanOrEqual(0);
        }
      }
      await button('Take the tour').click();
      await now.page.locator('.settings summary').click();
      expect(await now.page.evaluate(runAxe)).toEqual([]);
    });

    it('explains itself in a tour, by keyboard alone', async () => {
      now = await digits.open({ state: 'shade=0' });
      const { page } = now;
      await button('Take the tour').press('Enter');
      const titles = ['A space of networks', 'Embedding', 'PRep', 'ClassId', 'γ, the walk'];
      for (const title of titles) {
        await soon(() => page.locator('#tour-title').innerText()).toBe(title);
        await button(title === titles.at(-1) ? 'Start exploring' : 'Next').press('Enter');
      }
      await page.locator('.tour').waitFor({ state: 'detached' });
    });
  });

  it('survives 20 seconds of a monkey, and keeps no tensor', async () => {
    now = await digits.open({ state: 'shade=0' });
    const { done, tensorsBefore, tensorsAfter } = await monkey(now.page, { seconds: 20, seed: 1 });
    expect(done).toBeGreaterThan(50);
    expect(tensorsAfter).toBe(tensorsBefore);
  });
});

/** A browser that offers no WebGL. */
const withoutWebGl = (): void => {
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: [never]) {
    return String(args[0]).startsWith('webgl') ? null : real.apply(this, args);
  } as never;
};

/** Drops files on the middle of the page. */
async function drop(page: Page, files: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<void> {
  const list = files.map(({ name, bytes }) => ({ name, text: bytes.toString('base64') }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, text } of all) data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    return data;
  }, list);
  await page.locator('.app').dispatchEvent('dragover', { dataTransfer: transfer });
  await page.getByText('Drop a network, or the folder or zip of a space').waitFor();
  await page.locator('.app').dispatchEvent('drop', { dataTransfer: transfer });
}

async function runAxe(): Promise<unknown> {
  const axe = (globalThis as unknown as { readonly axe: { run(where: Element, options: unknown): Promise<{ violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[] }> } }).axe; // prettier-ignore
  const { violations } = await axe.run(document.documentElement, { resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`),
  }));
}
