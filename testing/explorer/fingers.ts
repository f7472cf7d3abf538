import type { Page } from 'playwright-core';

type Point = readonly [x: number, y: number];

/** Fingers on a page, as the browser's own input: what comes of them, pointer events and scrolling, is the browser's doing. */
export interface Fingers {
  tap(at: Point): Promise<void>;
  drag(points: readonly Point[], options?: { readonly slow?: boolean }): Promise<void>;
  /** Two fingers that move apart, or together, from one distance to another, in pixels from their middle. */
  pinch(middle: Point, from: number, to: number): Promise<void>;
}

const STEPS = 5;

/** A finger rests before it leaves, in milliseconds: lifted in full motion it flings, and Chromium takes the next tap for what stops the fling. */
const REST = 100;

/** @param page of a context with `hasTouch` */
export async function fingers(page: Page): Promise<Fingers> {
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  return {
    async tap(at) {
      await send('touchStart', [at]);
      await send('touchEnd', []);
    },
    async drag(points, { slow = false } = {}) {
      await send('touchStart', [points[0]!]);
      for (let i = 1; i < points.length; i++) {
        const [[ax, ay], [bx, by]] = [points[i - 1]!, points[i]!];
        for (let step = 1; step <= STEPS; step++) {
          await send('touchMove', [[ax + ((bx - ax) * step) / STEPS, ay + ((by - ay) * step) / STEPS]]);
          if (slow) await page.waitForTimeout(16);
        }
      }
      await page.waitForTimeout(REST);
      await send('touchEnd', []);
    },
    async pinch([x, y], from, to) {
      const apart = (by: number): readonly Point[] => [[x - by, y], [x + by, y]]; // prettier-ignore
      await send('touchStart', apart(from));
      for (let step = 1; step <= STEPS; step++) await send('touchMove', apart(from + ((to - from) * step) / STEPS));
      await send('touchEnd', []);
    },
  };
}
