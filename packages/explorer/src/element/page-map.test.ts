import '@tensorflow/tfjs';
import { join } from 'node:path';

import { describeInChromium } from '@netspace/testing/chromium';
import { writeCrowdFolder } from '@netspace/testing/explorer/crowd';
import { savedBytes, withoutWebGl } from '@netspace/testing/explorer/page';
import { explorerStage, soon } from '@netspace/testing/explorer/stage';
import { describe, expect, it } from 'vitest';

describeInChromium('The map of the explorer', () => {
  const stage = explorerStage();
  const { subject, button, value, drag } = stage;
  const said = (text: RegExp) => soon(subject).toMatch(text);

  describe('the map', () => {
    it('decodes under the cursor: by a press, a drag, keys and search; undo goes back', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
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
      const page = await stage.open(stage.digits, { state: 'shade=0' });
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
      const page = await stage.open(stage.digits, { state: 'shade=0&zoom=2', width: 390, height: 844, touch: true });
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
      const page = await stage.open(stage.digits);
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
    await writeCrowdFolder(join(stage.folder, 'digits'), join(stage.folder, 'crowd'), 4000);
    const crowd = await stage.site(join(stage.folder, 'crowd'));
    const kind = () =>
      stage.page
        .locator('.points canvas')
        .evaluate((canvas: HTMLCanvasElement) => (canvas.getContext('webgl2') === null ? '2d' : 'webgl2'));
    const page = await stage.open(crowd, { state: 'shade=0', before: countDraws });
    await soon(kind).toBe('webgl2');
    const draws = () => page.evaluate(() => (globalThis as unknown as { readonly draws: number }).draws);
    await soon(draws).toBeGreaterThan(0);
    await page.waitForTimeout(300);
    const before = await draws();
    for (const x of [300, 400, 500]) await page.mouse.move(x, 500, { steps: 3 });
    await page.locator('.plane').press('ArrowRight');
    await said(/^plane/);
    expect(await draws()).toBe(before); // of all that, nothing is a change of the map
    await page.locator('.plane').press('+');
    await soon(draws).toBeGreaterThan(before);
    await page.locator('.plane').press('0');
    await button('Lasso').click();
    await drag([[20, 150], [900, 150], [900, 800], [20, 800]]); // prettier-ignore
    await soon(async () => Number(await value('chosen'))).toBeGreaterThan(1000);
    await soon(() => stage.page.url().length).toBeLessThan(1000);
    await stage.open(crowd, { state: 'shade=0', before: withoutWebGl });
    await stage.page.locator('.points canvas').waitFor();
    await stage.page.waitForTimeout(300);
    expect(await kind()).toBe('2d');
  });
});

/** Counts in `draws` what WebGL draws: to be run before the page. */
function countDraws(): void {
  const counted = globalThis as unknown as { draws: number };
  counted.draws = 0;
  const real = WebGL2RenderingContext.prototype.drawArrays;
  WebGL2RenderingContext.prototype.drawArrays = function (...args) {
    counted.draws++;
    real.apply(this, args);
  };
}
