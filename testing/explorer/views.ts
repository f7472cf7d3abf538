import type { Page } from 'playwright-core';

/** A view of the explorer whose picture is kept in `testing/explorer-views`. */
export interface ExplorerViewShot {
  readonly name: string;
  readonly folder: 'digits' | 'shapes';
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  /** What stands after `#`. */
  readonly state: string;
  /** Waits until everything is there, and does what a visitor would. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** What differs from run to run; it is covered. */
  readonly masks?: readonly string[];
}

const measured = (page: Page) => page.locator('[data-value=accuracy]').waitFor();
const curve = (page: Page) =>
  page.waitForFunction(
    () => {
      const root = document.querySelector('netspace-explorer')!.shadowRoot!;
      return (root.querySelector('.series.main')?.getAttribute('points') ?? '').split(' ').length === 21;
    },
    undefined,
    { timeout: 60_000 },
  );
const answered = (page: Page) => page.locator('.probabilities tbody tr:last-child td:last-child span', { hasText: '%' }).waitFor();

export const VIEWS: readonly ExplorerViewShot[] = [
  { name: 'network', folder: 'digits', width: 1440, height: 900, theme: 'light', state: 'tab=look', ready: measured },
  { name: 'walk', folder: 'digits', width: 1440, height: 900, theme: 'dark', state: 'tab=walk&gamma=0.6', ready: (page) => curve(page).then(() => measured(page)) },
  { name: 'draw', folder: 'digits', width: 1024, height: 768, theme: 'light', state: 'tab=draw&image=3', ready: answered },
  { name: 'optimize', folder: 'digits', width: 1024, height: 768, theme: 'dark', state: 'tab=optimize&steps=4&batch=8', ready: optimized, masks: ['.facts', '.chart'] },
  { name: 'own', folder: 'digits', width: 1024, height: 768, theme: 'light', state: 'tab=bring', ready: (page) => page.locator('.drop-zone').waitFor() },
  {
    ...{ name: 'tour', folder: 'digits', width: 1024, height: 768, theme: 'light', state: 'tab=look' },
    async ready(page) {
      await measured(page);
      await page.getByRole('button', { name: 'Take the tour' }).click();
      await page.getByRole('button', { name: 'Next' }).click();
    },
  },
  { name: 'phone', folder: 'digits', width: 390, height: 844, theme: 'dark', state: 'tab=walk&walk=triangle', ready: measured },
  {
    ...{ name: 'shapes', folder: 'shapes', width: 1440, height: 900, theme: 'light', state: 'tab=walk&gamma=0.3' },
    ready: (page) => page.locator('.shape:not([data-triangles="0"]) canvas').waitFor().then(() => page.waitForTimeout(1500)), // coarse, then fine
  },
]; // prettier-ignore

async function optimized(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('[data-value=step]', { hasText: '4' }).waitFor();
  await page.getByRole('button', { name: 'Start' }).waitFor();
}

/** How long things took, where the page says so, and what is written in fonts of the machine: all else is in the page's own. */
const ALWAYS = ['.status', 'code', 'pre', '.greek', '.chart .end'];

/** How a page of the view's folder is opened for its picture. */
export const openingOf = ({ width, height, theme, state }: ExplorerViewShot) => ({
  ...{ width, height, theme },
  state: `runtime=wasm&shade=0&${state}`,
});

/** The picture of a view, as PNG, once a page that was opened for it shows everything. */
export async function pictureOf(page: Page, view: ExplorerViewShot): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready);
  await view.ready(page);
  await page.mouse.move(1, 1);
  await page.evaluate(() => (document.querySelector('netspace-explorer')!.shadowRoot!.activeElement as HTMLElement | null)?.blur());
  await page.waitForTimeout(150);
  return pictureNow(page, view);
}

/** What the page shows now, as the view's picture would. */
export const pictureNow = (page: Page, { masks = [] }: ExplorerViewShot): Promise<Buffer> => {
  const covered = [...ALWAYS, ...masks].map((selector) => page.locator(selector));
  return page.screenshot({ animations: 'disabled', caret: 'hide', mask: covered, maskColor: '#808080' });
};
