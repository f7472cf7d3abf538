import type { Page } from 'playwright-core';

/** The main thread while the pointer drags the cursor over the map. */
export interface Frames {
  readonly seconds: number;
  readonly frames: number;
  /** Tasks above 100 ms: the page should have none. */
  readonly above100: number;
  readonly longestMs: number;
}

const SECONDS = 5;

/** Drags over the open explorer's map in circles. */
export async function measureFrames(page: Page): Promise<Frames> {
  const plane = page.locator('.plane');
  const box = (await plane.boundingBox())!;
  await page.evaluate(() => {
    const seen = { tasks: [] as number[], frames: 0 };
    (globalThis as { seen?: typeof seen }).seen = seen;
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    const next = (): void => {
      seen.frames += 1;
      requestAnimationFrame(next);
    };
    next();
  });
  const at = (t: number) => [box.x + box.width * (0.5 + 0.3 * Math.cos(t)), box.y + box.height * (0.5 + 0.3 * Math.sin(1.7 * t))] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  const started = performance.now();
  while (performance.now() - started < SECONDS * 1000) {
    await page.mouse.move(...at((performance.now() - started) / 500));
    await page.waitForTimeout(8);
  }
  await page.mouse.up();
  const { tasks, frames } = await page.evaluate(() => (globalThis as unknown as { seen: { tasks: number[]; frames: number } }).seen);
  return { seconds: SECONDS, frames, above100: tasks.filter((ms) => ms > 100).length, longestMs: Math.max(0, ...tasks) };
}
