import type { Page } from './page.js';
import { liveClassified } from './live-classified.js';
import { liveCurve } from './live-curve.js';
import { liveHeat, liveUmap } from './live-map.js';
import { liveHover, liveLook, liveShape } from './live-look.js';
import { liveKept } from './link.js';
import { livePlay } from './live-play.js';
import { liveSaid } from './live-said.js';

/** Keeps what is computed in step with what the visitor looks at. @returns stops */
export function goLive(page: Page): () => void {
  const stops = [liveLook, liveShape, liveHover, liveCurve, liveClassified, liveHeat, liveUmap, livePlay, liveSaid, liveKept].map((one) =>
    one(page),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
