import { randomStream } from '@netspace/zoo/internal';
import type { Page } from 'playwright-core';

export interface MonkeyOutcome {
  /** How many things it did. */
  readonly done: number;
  readonly tensorsBefore: number;
  readonly tensorsAfter: number;
}

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter', ' ', 'Tab', 'Escape', '+', '-', '0', '.', 'Control+z', 'Control+Shift+z', 'Home', 'End', 'a', '5']; // prettier-ignore

/**
 * Presses, drags, wheels and types at random for a while, as a seed says. Its links, file boxes and downloads are left alone; all else it finds
 * it uses. Waits until the page is quiet before it counts tensors.
 */
export async function monkey(page: Page, { seconds, seed }: { readonly seconds: number; readonly seed: number }): Promise<MonkeyOutcome> {
  const random = randomStream(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const { width, height } = page.viewportSize()!;
  const somewhere = (): [number, number] => [below(width), below(height)];
  await page.addInitScript(() => undefined);
  const tensorsBefore = await tensors(page);
  const end = performance.now() + 1000 * seconds;
  let done = 0;
  const acts: readonly (() => Promise<void>)[] = [
    () => page.mouse.click(...somewhere()),
    async () => {
      await page.mouse.move(...somewhere());
      await page.mouse.down();
      await page.mouse.move(...somewhere(), { steps: 5 });
      await page.mouse.move(...somewhere(), { steps: 5 });
      await page.mouse.up();
    },
    async () => {
      await page.mouse.move(...somewhere());
      await page.mouse.wheel(0, below(600) - 300);
    },
    () => page.keyboard.press(KEYS[below(KEYS.length)]!),
    async () => {
      for (let i = 0; i < 4; i++) await page.keyboard.press(KEYS[below(4)]!);
    },
    async () => {
      const buttons = page.locator('button:visible:enabled, summary:visible, [role=tab]:visible');
      const count = await buttons.count();
      // What it presses may vanish in that moment.
      if (count > 0) await buttons.nth(below(count)).click({ timeout: 500, force: true }).catch(() => undefined); // prettier-ignore
    },
    async () => {
      const lists = page.locator('select:visible');
      const count = await lists.count();
      if (count === 0) return;
      const list = lists.nth(below(count));
      const options = await list.locator('option:enabled').count();
      if (options > 0) await list.selectOption({ index: below(options) }, { timeout: 500 }).catch(() => undefined);
    },
  ];
  while (performance.now() < end) {
    await acts[below(acts.length)]!();
    done++;
  }
  return { done, tensorsBefore, tensorsAfter: await tensors(page) };
}

/** Tensors once two counts in a row agree: what runs may still hold some. */
async function tensors(page: Page): Promise<number> {
  await quiet(page);
  let last = -1;
  for (let i = 0; i < 60; i++) {
    const now = await page
      .locator('netspace-explorer')
      .evaluate((element) => (element as unknown as { tensors(): Promise<number> }).tensors());
    if (now === last) return now;
    last = now;
    await page.waitForTimeout(500);
  }
  return last;
}

/** Ends what goes on by itself: play, the optimizer. */
async function quiet(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  for (const name of ['Pause', 'Stop']) {
    await page.getByRole('button', { name, exact: true }).click({ timeout: 300, force: true }).catch(() => undefined); // prettier-ignore
  }
}
