import type { Crowd } from './measure-crowd.js';
import type { Drag } from './measure-drag.js';
import type { Frames } from './measure-frames.js';
import type { Visit } from './measure-visit.js';

/** What was measured of one shipped space. */
export interface ExplorerResult {
  readonly space: string;
  readonly visit: Visit;
  readonly drags: readonly Drag[];
  readonly frames: Frames;
}

export interface ExplorerResults {
  readonly results: readonly ExplorerResult[];
  /** Maps of many networks. */
  readonly crowds: readonly Crowd[];
}
