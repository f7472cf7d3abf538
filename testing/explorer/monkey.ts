import { randomStream } from '@netspace/prep/internal';
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
 * it uses, for so long and at least so often. Waits until the page is quiet before it counts tensors.
 */
export async function monkey(
  page: Page,
  {
    seconds,
    least = 0,
    seed,
    onAct,
  }: { readonly seconds: number; readonly least?: number; readonly seed: number; readonly onAct?: (done: number) => void },
): Promise<MonkeyOutcome> {
  const random = randomStream(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const { width, height } = page.viewportSize()!;
  const somewhere = (): [number, number] => [below(width), below(height)];
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
  while (performance.now() < end || done < least) {
    await acts[below(acts.length)]!();
    done++;
    onAct?.(done);
  }
  return { done, tensorsBefore, tensorsAfter: await tensors(page, tensorsBefore) };
}

/** Tensors once nothing runs: a call in progress holds some. As few as at first, if that comes within a minute. */
async function tensors(page: Page, first?: number): Promise<number> {
  await quiet(page);
  let last = -1;
  for (let i = 0; i < 120; i++) {
    const now = await page
      .locator('netspace-explorer')
      .evaluate((element) => (element as unknown as { tensors(): Promise<number> }).tensors());
    if (first === undefined ? now === last : now === first) return now;
    last = now;
    await page.waitForTimeout(500);
  }
  return last;
}

/**
 * Ends what goes on by itself, play and the optimizer, and asks all networks for their vote: these are decoded once a folder and then kept, so
 * that both counts hold them.
 */
async function quiet(page: Page): Promise<void> {
  const press = async (where: string) => {
    const found = page.locator(where);
    // By its event, since a message may lie over it.
    if ((await found.count()) > 0) await found.first().dispatchEvent('click');
  };
  await page.locator('.status').waitFor({ timeout: 60_000 });
  await press('.button[aria-label=Pause]');
  await press('#tab-look');
  await press('.refine .button:has-text("Stop")');
  await press('#tab-optimize');
  await press('.button.primary:has-text("Stop")');
  if ((await page.locator('#tab-draw').count()) === 0) return; // shapes have no vote
  await press('#tab-draw');
  await press('.thumbnails button');
  // It may have chosen the runtime cpu, on which a hundred networks take minutes.
  await page.locator('.probabilities td:last-child:has-text("%")').first().waitFor({ timeout: 900_000 });
}
