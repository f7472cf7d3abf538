import type { Page } from 'playwright-core';

import type { Engine } from '../../packages/explorer/src/client/engine.js';
import { spreadOf, type TimeSpread } from './spread.js';

/** From a place to its picture on the screen: asked of the worker, drawn on a canvas. */
export interface Drag {
  /** The architecture that is decoded, and what is done with it. */
  readonly what: string;
  readonly total: TimeSpread;
  /** Medians of the worker's parts; the rest are messages and drawing. */
  readonly parts: Readonly<Record<string, number>>;
}

const PLACES = 60;

/** Drags away from one network of each architecture, as the page does while somebody drags. */
export async function measureDrags(page: Page, folder: string): Promise<readonly Drag[]> {
  const measured = await page.evaluate(
    async ([source, places]) => {
      const path = '/engine.js';
      const { startEngine } = (await import(path)) as { readonly startEngine: () => Engine };
      const engine = startEngine();
      const { manifest, architectures, sample } = await engine.call('open', { source, runtime: 'wasm' });
      const canvas = document.body.appendChild(document.createElement('canvas'));
      const context = canvas.getContext('2d')!;
      const results: { what: string; total: number[]; parts: Record<string, number[]> }[] = [];
      // Coarse while somebody drags, fine once the pointer rests.
      const shapes = manifest.kind === 'sdf';
      const asks = architectures.flatMap(({ name }) => (shapes ? [16, 48] : [0]).map((cells) => ({ architecture: name, cells })));
      for (const { architecture, cells } of asks) {
        const start = manifest.networks.find((network) => network.architecture === architecture);
        if (start === undefined) continue;
        const result = {
          what: `${architecture}, ${shapes ? `surface of ${cells}³ cells${cells === 16 ? '' : ', at rest'}` : sample ? '256 images' : 'no images here'}`,
          total: [] as number[],
          parts: {} as Record<string, number[]>,
        };
        const note = (part: string, ms: number) => (result.parts[part] ??= []).push(ms);
        for (let i = -5; i < places; i++) {
          const weights = [1 - i / 2000, i / 2000];
          const place = {
            at: 'mix',
            of: [
              { at: 'network', name: start.name },
              { at: 'plane', x: 0, y: 0 },
            ],
            weights,
          } as const;
          const from = performance.now();
          const asked = { place, prep: { width: 192, height: 192 }, images: 256 };
          const [seen, shape] = await Promise.all([
            engine.call('look', asked),
            shapes ? engine.call('shape', { place, cells }) : undefined,
          ]);
          context.putImageData(new ImageData(seen.prep!.data, seen.prep!.width, seen.prep!.height), 0, 0);
          const to = performance.now();
          if (i < 0) continue; // the browser compiles what runs often
          result.total.push(to - from);
          note('decode', seen.decodeMs);
          if (sample !== undefined) note('run', seen.runMs);
          note('paint', seen.paintMs);
          if (shape !== undefined) {
            note('field', shape.fieldMs);
            note('surface', shape.surfaceMs);
          }
        }
        results.push(result);
      }
      engine.close();
      canvas.remove();
      return results;
    },
    [folder, PLACES] as const,
  );
  return measured.map(({ what, total, parts }) => ({
    ...{ what, total: spreadOf(total) },
    parts: Object.fromEntries(Object.entries(parts).map(([part, times]) => [part, spreadOf(times).median])),
  }));
}
