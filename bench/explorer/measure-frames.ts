import type { Page } from 'playwright-core';

/** What the pointer does on the map: drags the cursor, passes over networks, moves the map, turns the wheel. */
export type Motion = 'cursor' | 'hover' | 'pan' | 'zoom';

/** The main thread meanwhile. */
export interface Frames {
  readonly seconds: number;
  readonly frames: number;
  /** Tasks above 100 ms: the page should have none. */
  readonly above100: number;
  readonly longestMs: number;
}

const SECONDS = 5;

/** Moves in circles over the open explorer's map. */
export async function measureFrames(page: Page, motion: Motion = 'cursor'): Promise<Frames> {
  const plane = page.locator('.plane');
  const box = (await plane.boundingBox())!;
  if (motion === 'pan') await page.getByRole('button', { name: 'Move the map' }).click();
  await page.evaluate(() => {
    const seen = { tasks: [] as number[], frames: 0, done: false };
    (globalThis as { seen?: typeof seen }).seen = seen;
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    const next = (): void => {
      seen.frames += 1;
      if (!seen.done) requestAnimationFrame(next);
    };
    next();
  });
  const at = (t: number) => [box.x + box.width * (0.5 + 0.3 * Math.cos(t)), box.y + box.height * (0.5 + 0.3 * Math.sin(1.7 * t))] as const;
  await page.mouse.move(...at(0));
  if (motion === 'cursor' || motion === 'pan') await page.mouse.down();
  const started = performance.now();
  for (let turn = 0; performance.now() - started < SECONDS * 1000; turn++) {
    if (motion === 'zoom') await page.mouse.wheel(0, turn % 40 < 20 ? -60 : 60);
    else await page.mouse.move(...at((performance.now() - started) / 500));
    await page.waitForTimeout(8);
  }
  await page.mouse.up();
  const { tasks, frames } = await page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { tasks: number[]; frames: number; done: boolean } };
    seen.done = true;
    return seen;
  });
  return { seconds: SECONDS, frames, above100: tasks.filter((ms) => ms > 100).length, longestMs: Math.max(0, ...tasks) };
}
