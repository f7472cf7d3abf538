import { randomStream } from '@netspace/prep/internal';
import { UMAP } from 'umap-js';

/** What the engine asks of this worker, which has one task in its life. */
export interface UmapTask {
  /** `[count, size]` */
  readonly values: Float32Array;
  readonly size: number;
  readonly neighbors: number;
}

/** What it hears: shares of the work, then the places `[x0, y0, …]`. */
export type UmapAnswer = { readonly done: number } | { readonly points: Float32Array<ArrayBuffer> } | { readonly problem: string };

/** How often the share is told, in milliseconds. */
const TOLD_EVERY = 100;

addEventListener('message', ({ data }: MessageEvent<UmapTask>) => {
  try {
    run(data);
  } catch (error) {
    answer({ problem: error instanceof Error ? error.message : String(error) });
  }
});

function run({ values, size, neighbors }: UmapTask): void {
  const rows = Array.from({ length: values.length / size }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)));
  const umap = new UMAP({ nComponents: 2, nNeighbors: Math.min(neighbors, rows.length - 1), random: randomStream(23) });
  const epochs = umap.initializeFit(rows);
  let told = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (performance.now() - told < TOLD_EVERY) continue;
    told = performance.now();
    answer({ done: epoch / epochs });
  }
  answer({ points: Float32Array.from(umap.getEmbedding().flat()) });
}

const answer = (message: UmapAnswer): void => (globalThis as unknown as { postMessage(message: UmapAnswer): void }).postMessage(message);
