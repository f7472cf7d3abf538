import '@tensorflow/tfjs';
import { encodePng } from '@netspace/report/pictures';
import { describeInChromium } from '@netspace/testing/chromium';
import { savedBytes, withoutWebGl } from '@netspace/testing/explorer/page';
import { dropFiles, explorerStage, soon } from '@netspace/testing/explorer/stage';
import { describe, expect, it } from 'vitest';

describeInChromium('The page of the explorer', () => {
  const stage = explorerStage({ withShapes: true });
  const { subject, tab, button, drag } = stage;
  const said = (text: RegExp) => soon(subject).toMatch(text);

  describe('the state', () => {
    it('lies in the address: a reload and a shared link show the same', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
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
      const page = await stage.open(stage.digits, { state: 'shade=0&tab=walk&seconds=1' });
      await soon(() => page.locator('.chart .series.main').getAttribute('points').then((points) => points?.split(' ').length)).toBe(21); // prettier-ignore
      await page.getByRole('slider', { name: 'Gamma' }).press('ArrowRight');
      await soon(() => page.locator('.gamma output').innerText()).toBe('0.505');
      await button('Play').click();
      await soon(() => page.locator('.gamma output').innerText()).not.toBe('0.505');
      const seconds = page.getByRole('spinbutton', { name: 'Seconds' });
      const kept = await seconds.inputValue();
      await seconds.fill('7');
      const shown = await page.locator('.gamma output').innerText();
      await soon(() => page.locator('.gamma output').innerText()).not.toBe(shown);
      expect(await seconds.inputValue()).toBe('7'); // a walk that goes on draws the page anew beneath it
      await seconds.fill(kept);
      await button('Pause').click();
      const csv = await savedBytes(page, () => button('CSV').click());
      expect(csv.bytes.toString().trim().split('\r\n')).toHaveLength(22);
      const png = await savedBytes(page, () => button('PNG').click());
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      const film = await savedBytes(page, () => button('Film (WebM)').click());
      expect(film.name).toBe('walk.webm');
      expect(film.bytes.subarray(0, 4).toString('hex')).toBe('1a45dfa3'); // EBML
      expect(await secondsOfVideo(film.bytes)).toBeCloseTo(1, 0);
      const gif = await savedBytes(page, () => button('Film (GIF)').click());
      expect(gif.name).toBe('walk.gif');
      expect(framesOfGif(gif.bytes)).toEqual({ width: 600, height: 338, frames: 10, seconds: 1 });
    });

    it('goes through a triangle and along a drawn path, whose stops are set by press, search and cursor', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0&tab=walk&walk=triangle' });
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
      await soon(() => page.getByRole('combobox', { name: 'Stop C' }).getAttribute('title')).toBe('lenet-like-1x28x28-10-w0.25-s3');
      await button('Play').click();
      await soon(() => page.locator('.triangle ul').innerText()).toMatch(/C\s+0 %/); // from A to B
      await page.getByRole('slider', { name: /three stops/ }).press('ArrowUp'); // who takes it in hand stops it
      await button('Play').waitFor();
      const seconds = page.getByRole('spinbutton', { name: 'Seconds' });
      await seconds.fill('2');
      await seconds.press('Tab');
      await soon(() => seconds.inputValue()).toBe('2');
      const csv = await savedBytes(page, () => button('CSV').click());
      expect(csv.name).toBe('triangle.csv');
      const rows = csv.bytes
        .toString()
        .trim()
        .split('\r\n')
        .map((row) => row.split(','));
      expect(rows).toHaveLength(67);
      expect(rows[0]!.slice(0, 5)).toEqual(['A', 'B', 'C', 'architecture', 'accuracy']);
      expect(rows.every((row, i) => i === 0 || Math.abs(Number(row[0]) + Number(row[1]) + Number(row[2]) - 1) < 1e-9)).toBe(true);
      const film = await savedBytes(page, () => button('Film (GIF)').click());
      expect(framesOfGif(film.bytes)).toMatchObject({ frames: 20, seconds: 2 });
      // A short one might be done before it is stopped.
      await seconds.fill('30');
      await seconds.press('Tab');
      await button('Film (GIF)').click();
      await button('Stop filming').click();
      await soon(() => page.locator('.recording').count()).toBe(0);
      await button('Draw a path to walk').click();
      await drag([[100, 300], [400, 650], [700, 300]]); // prettier-ignore
      await soon(() => page.locator('.view').innerText()).toMatch(/A path of \d+ stops/);
      await page.locator('.plane').press('ArrowRight');
      await soon(() => page.locator('.gamma output').innerText()).toBe('0.020');
    });

    it('turns a shape with mouse and keys, redraws it along γ, and says so where there is no WebGL', async () => {
      const page = await stage.open(stage.shapes, { state: 'tab=walk' });
      const triangles = () => page.locator('.shape').getAttribute('data-triangles').then(Number);
      await soon(triangles).toBeGreaterThan(0);
      await page.locator('.shape canvas').waitFor();
      await stage.standsStill(); // no shape turns by itself
      const picture = () => page.locator('.stage').screenshot({ type: 'jpeg' });
      const first = await picture();
      await page.locator('.stage').press('ArrowLeft');
      expect((await picture()).equals(first)).toBe(false);
      const before = await triangles();
      await page.getByRole('slider', { name: 'Gamma' }).fill('0');
      await soon(triangles).not.toBe(before);
      await stage.open(stage.shapes, { before: withoutWebGl });
      await stage.page.getByText('Shapes need WebGL').waitFor();
    });
  });

  /** How long a video runs, as this browser plays it. */
  async function secondsOfVideo(bytes: Buffer): Promise<number> {
    const player = await stage.browser.newPage();
    try {
      return await player.evaluate(
        async (address) => {
          const video = document.createElement('video');
          video.src = address;
          video.currentTime = 1e9; // what was recorded on the way does not say its length: its end does
          await new Promise((resolve, reject) => {
            video.onseeked = resolve;
            video.onerror = () => reject(new Error(video.error?.message));
          });
          return video.currentTime;
        },
        `data:video/webm;base64,${bytes.toString('base64')}`,
      );
    } finally {
      await player.close();
    }
  }

  describe('the network at work', () => {
    it('reads what is drawn by mouse and keys, picked from the sample, or in a file', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0&tab=draw' });
      const column = () => page.locator('.probabilities tbody td:nth-child(2)').allInnerTexts();
      await soon(async () => (await column()).filter((text) => /^\d+ %$/.test(text)).length).toBe(10);
      await button('Image 3, a').click();
      await soon(() => page.locator('.seen').innerText()).toMatch(/sample 3, a\s\d/);
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

    it('takes an image that is dropped anywhere, also a dark figure on nothing, and says of shapes that they read none', async () => {
      const data = new Uint8ClampedArray(4 * 28 * 28);
      for (let y = 6; y < 22; y++) data[4 * (28 * y + 14) + 3] = 255; // a black line, all else is clear
      const file = { name: 'one.png', type: 'image/png', bytes: encodePng({ width: 28, height: 28, data }) };
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      await dropFiles(page, [file]);
      await soon(() => page.locator('.seen').innerText()).toMatch(/your drawing/);
      const lit = await page.locator('.seen canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, 28, 28).data.filter((v, i) => i % 4 === 0 && v > 128).length); // prettier-ignore
      expect(lit).toBe(16);
      const shapes = await stage.open(stage.shapes);
      await dropFiles(shapes, [file]);
      await shapes.getByText('one.png is an image, and the networks of this space read no images').waitFor();
    });
  });

  describe('the optimizer', () => {
    it('starts at the cursor, shows its path and curves, steps, stops, and learns what was drawn', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0&tab=optimize&steps=3&batch=8' });
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
});

/** Size and frames of a GIF and how long these are shown, block by block as its format says. */
function framesOfGif(bytes: Buffer): {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly seconds: number;
} {
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a');
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  const blocks = (from: number): number => {
    let at = from;
    while (bytes[at]! > 0) at += bytes[at]! + 1;
    return at + 1;
  };
  let [frames, hundredths] = [0, 0];
  let at = 13 + table(bytes[10]!);
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) hundredths += bytes.readUInt16LE(at + 4); // delay of the next frame
      at = blocks(at + 2);
    } else {
      expect(bytes[at]).toBe(0x2c);
      frames += 1;
      at = blocks(at + 10 + table(bytes[at + 9]!) + 1);
    }
  }
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), frames, seconds: hundredths / 100 };
}
