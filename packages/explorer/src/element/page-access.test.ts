import '@tensorflow/tfjs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describeInChromium } from '@netspace/testing/chromium';
import { explorerStage, soon } from '@netspace/testing/explorer/stage';
import { monkey } from '@netspace/testing/explorer/monkey';
import { fingers } from '@netspace/testing/explorer/fingers';
import { describe, expect, it } from 'vitest';

describeInChromium('The page of the explorer, for everybody', () => {
  const stage = explorerStage();
  const { subject, tab, button, value } = stage;
  const said = (text: RegExp) => soon(subject).toMatch(text);

  it('has nothing that axe finds and never scrolls sideways, at three widths, light and dark', async () => {
    const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
    const page = await stage.open(stage.digits, { state: 'shade=0&tab=look', width: 390, height: 844 });
    await page.evaluate(axe);
    for (const [width, height, theme, tabs] of [
      [390, 844, 'light', ['look', 'draw']],
      [390, 844, 'dark', ['walk', 'optimize', 'bring']],
      [1024, 768, 'light', ['walk']],
      [1024, 768, 'dark', ['look', 'draw']],
      [1440, 900, 'dark', ['walk', 'bring']],
      [1440, 900, 'light', ['look', 'walk', 'draw', 'optimize']],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`.app.${theme}`).waitFor();
      for (const one of tabs) {
        await page.locator(`#tab-${one}`).click();
        await page.locator(`#view[aria-labelledby=tab-${one}]`).waitFor();
        if (one === 'look' || one === 'walk') await page.locator('[data-value=accuracy]').waitFor();
        expect({ width, theme, one, found: await page.evaluate(runAxe) }).toEqual({ width, theme, one, found: [] });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(await page.locator('.view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBeLessThanOrEqual(0);
      }
    }
    await tab('Walk');
    await button('Triangle').click();
    await page.locator('.triangle').waitFor();
    expect(await page.evaluate(runAxe)).toEqual([]);
    await button('Take the tour').click();
    await stage.page.locator('.settings summary').click();
    expect(await stage.page.evaluate(runAxe)).toEqual([]);
  });

  describe('where the system asks for less motion', () => {
    /** How often CSS moves something while one toggles, hovers, changes tabs and takes the tour. */
    async function motions(): Promise<number> {
      const { page } = stage;
      await page.evaluate(() => {
        const counted = globalThis as unknown as { motions: number };
        counted.motions = 0;
        const root = document.querySelector('netspace-explorer')!.shadowRoot!;
        for (const kind of ['transitionrun', 'animationstart']) root.addEventListener(kind, () => counted.motions++);
      });
      await page.getByLabel('Loop').click();
      await button('Set A by a press').hover();
      await tab('Draw');
      await button('Take the tour').click();
      await button('Next').click();
      await button('End the tour').click();
      await tab('Walk');
      return page.evaluate(() => (globalThis as unknown as { readonly motions: number }).motions);
    }

    /** Where a part of the page is before a key and in the frames after it, each place once. */
    const placesAround = (selector: string, key: string): Promise<readonly string[]> =>
      stage.page.evaluate(
        async ([wanted, pressed]) => {
          const root = document.querySelector('netspace-explorer')!.shadowRoot!;
          const places = new Set<string>();
          const look = (): void => {
            const { x, y } = root.querySelector(wanted!)!.getBoundingClientRect();
            places.add(`${x} ${y}`);
          };
          look();
          root.activeElement!.dispatchEvent(
            new KeyboardEvent('keydown', { key: pressed!, bubbles: true, cancelable: true, composed: true }),
          );
          for (let frame = 0; frame < 20; frame++) {
            await new Promise(requestAnimationFrame);
            look();
          }
          return [...places];
        },
        [selector, key],
      );

    it('has no transition or animation, neither on the map: all is there at once', async () => {
      const state = 'shade=0&tab=walk&loop=1';
      await stage.open(stage.digits, { state, motion: 'no-preference' });
      expect(await motions()).toBeGreaterThan(0); // or it would count nothing below
      const page = await stage.open(stage.digits, { state });
      expect(await motions()).toBe(0);
      await page.locator('.plane').focus();
      for (const key of ['+', '0', 'ArrowRight']) expect(await placesAround('.overlay .walker', key)).toHaveLength(2);
    });

    it('moves nothing by itself: no walk plays until one asks for it', async () => {
      for (const walk of ['line', 'triangle']) {
        await stage.open(stage.digits, { state: `shade=0&tab=walk&loop=1&walk=${walk}` });
        await stage.standsStill();
      }
      const weights = () => stage.page.locator('.triangle ul').innerText();
      const before = await weights();
      await button('Play').click();
      await soon(weights).not.toBe(before);
    });
  });

  describe('by keyboard alone', () => {
    const focused = () =>
      stage.page.evaluate(() => {
        const inner = document.activeElement?.shadowRoot?.activeElement;
        return inner?.getAttribute('aria-label') ?? inner?.textContent ?? '';
      });

    it('explains itself in a tour, which gives the focus back', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      await button('Take the tour').press('Enter');
      const titles = ['A space of networks', 'Embedding', 'PRep', 'ClassId', 'γ, the walk'];
      for (const title of titles) {
        await soon(() => page.locator('#tour-title').innerText()).toBe(title);
        await button(title === titles.at(-1) ? 'Start exploring' : 'Next').press('Enter');
      }
      await page.locator('.tour').waitFor({ state: 'detached' });
      expect(await focused()).toBe('Take the tour');
      await page.keyboard.press('Enter');
      await page.locator('.tour').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.tour').waitFor({ state: 'detached' });
      expect(await focused()).toBe('Take the tour');
      await page.locator('.settings summary').press('Enter');
      await page.locator('.popover').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.popover').waitFor({ state: 'hidden' });
      expect(await focused()).toBe('Settings');
    });

    // All in one task of the page, as keys come on a machine that is slow.
    it('answers keys that come before the next frame', async () => {
      const page = await stage.open(stage.digits, { state: 'shade=0' });
      const outcome = await page.evaluate(async () => {
        const root = document.querySelector('netspace-explorer')!.shadowRoot!;
        const within = (selector: string): HTMLInputElement => root.querySelector(selector)!;
        const press = (key: string, on: HTMLElement): unknown => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true })); // prettier-ignore
        // Lets the page render, and nothing else: no frame, no timer.
        const turn = async (): Promise<void> => {
          for (let i = 0; i < 10; i++) await Promise.resolve();
        };
        within('#tab-look').focus();
        press('ArrowRight', within('#tab-look'));
        await turn();
        const box = within('input[aria-label="Stop A"]');
        box.focus();
        box.value = 'resnet8 s2';
        box.dispatchEvent(new Event('input', { bubbles: true }));
        await turn();
        press('Enter', box);
        await turn();
        return {
          stop: within('input[aria-label="Stop A"]').title,
          tab: within('[aria-selected=true]').textContent,
        };
      });
      expect(outcome).toMatchObject({ stop: 'resnet8-1x28x28-10-w0.125-s2', tab: 'Walk' });
    });
  });

  describe('by fingers, at 390 pixels', () => {
    const phone = { width: 390, height: 844, touch: true };
    const inside = async (selector: string, x: number, y: number): Promise<[number, number]> => {
      await stage.page.locator(selector).scrollIntoViewIfNeeded();
      const box = (await stage.page.locator(selector).boundingBox())!;
      return [box.x + x * box.width, box.y + y * box.height];
    };

    it('points, pans, pinches and rings on the map', async () => {
      const page = await stage.open(stage.digits, { ...phone, state: 'shade=0' });
      const touch = await fingers(page);
      const entry = (name: string) => page.evaluate((key) => new URLSearchParams(location.hash.slice(1)).get(key), name);
      await touch.tap(await inside('.plane', 0.3, 0.75));
      await said(/^plane/);
      const first = await subject();
      await touch.drag([await inside('.plane', 0.3, 0.75), await inside('.plane', 0.45, 0.6)]);
      await soon(subject).not.toBe(first);
      await button('Move the map').tap();
      expect(await entry('center')).toBeNull();
      await touch.drag([await inside('.plane', 0.4, 0.5), await inside('.plane', 0.6, 0.6)]);
      await soon(() => entry('center')).toMatch(/,/);
      const [x, y] = await inside('.plane', 0.4, 0.6);
      await touch.pinch([x, y], 20, 60);
      await soon(async () => Number(await entry('zoom'))).toBeGreaterThan(2);
      await button('Show all networks').tap();
      await button('Lasso').tap();
      const ring = [[0.02, 0.3], [0.85, 0.3], [0.85, 0.88], [0.02, 0.88], [0.02, 0.3]] as const; // prettier-ignore
      await touch.drag(await Promise.all(ring.map(([u, v]) => inside('.plane', u, v))));
      await soon(async () => Number(await value('chosen'))).toBeGreaterThan(4);
    });

    it('drags γ and the triangle, draws a digit, and still scrolls the page', async () => {
      const page = await stage.open(stage.digits, { ...phone, state: 'shade=0&tab=walk' });
      const touch = await fingers(page);
      const gamma = () => page.locator('.gamma output').innerText().then(Number);
      await touch.drag([await inside('.gamma input[type=range]', 0.5, 0.5), await inside('.gamma input[type=range]', 0.9, 0.5)]);
      await soon(gamma).toBeGreaterThan(0.8);
      await button('Triangle').tap();
      const weights = () => page.locator('.triangle ul').innerText();
      const before = await weights();
      await touch.drag([await inside('.triangle svg', 0.5, 0.6), await inside('.triangle svg', 0.2, 0.8)]);
      await soon(weights).not.toBe(before);
      await tab('Draw');
      await touch.drag([await inside('.pad', 0.5, 0.2), await inside('.pad', 0.5, 0.5), await inside('.pad', 0.5, 0.8)]);
      await soon(() => page.locator('.seen').innerText()).toMatch(/your drawing/);
      const ink = await page.locator('.pad canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, 28, 28).data.filter((v, i) => i % 4 === 0 && v > 128).length); // prettier-ignore
      expect(ink).toBeGreaterThan(25);
      const offset = () => page.locator('.thumbnails').evaluate((element) => element.getBoundingClientRect().top);
      const at = await inside('.thumbnails', 0.5, 0.5);
      const top = await offset();
      await touch.drag([at, [at[0], at[1] - 40], [at[0], at[1] - 160]], { slow: true });
      // The end of the page may be reached by then: a finger may move it down as well.
      await touch.drag([[at[0], 300], [at[0], 420], [at[0], 560]], { slow: true }); // prettier-ignore
      await soon(offset).not.toBe(top);
    });

    it('has targets that a finger meets', async () => {
      const page = await stage.open(stage.digits, { ...phone, state: 'shade=0' });
      for (const one of ['look', 'walk', 'draw', 'optimize', 'bring']) {
        await page.locator(`#tab-${one}`).tap();
        await page.locator(`#view[aria-labelledby=tab-${one}]`).waitFor();
        const small = await page.evaluate(() =>
          [...document.querySelector('netspace-explorer')!.shadowRoot!.querySelectorAll<HTMLElement>('button, select, summary, input:not([type=file]):not([type=checkbox])')]
            .map((element) => ({ what: element.getAttribute('aria-label') ?? element.textContent, box: element.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(({ what, box }) => `${what} ${Math.round(box.width)}×${Math.round(box.height)}`),
        ); // prettier-ignore
        expect({ one, small }).toEqual({ one, small: [] });
      }
    });
  });

  it('survives a monkey, and keeps no tensor', async () => {
    await stage.open(stage.digits, { state: 'shade=0' });
    const { done, tensorsBefore, tensorsAfter } = await monkey(stage.page, { seconds: 10, least: 60, seed: 1 });
    expect(done).toBeGreaterThanOrEqual(60);
    expect(tensorsAfter).toBe(tensorsBefore);
  });
});

async function runAxe(): Promise<unknown> {
  const axe = (globalThis as unknown as { readonly axe: { run(where: Element, options: unknown): Promise<{ violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[] }> } }).axe; // prettier-ignore
  const { violations } = await axe.run(document.documentElement, { resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`),
  }));
}
