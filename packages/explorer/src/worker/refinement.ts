import type { Picture, Place } from './messages/vocabulary.js';

export interface RefineRequest {
  /** A network of the map whose weights are here, or one that was brought. */
  readonly of: (Place & { readonly at: 'network' }) | (Place & { readonly at: 'kept' });
  readonly steps: number;
  /** Under which the place that was reached is kept. */
  readonly id: string;
}

export interface RefineStep {
  readonly step: number;
  readonly steps: number;
  /** Distance of outputs to the network's, on the step's inputs. */
  readonly loss: number;
}

/** How a network that the space makes compares with the one that it stands for. */
export interface Likeness {
  readonly prep: Picture;
  /** Of classifiers, on images that no step of a refinement saw; agreement: the share that both say the same of. */
  readonly accuracy?: number;
  readonly agreement?: number;
  /** Of shapes: the volume that both fill, as a share of what either fills; undefined if both are empty. */
  readonly iou?: number;
}

/** A refinement: the encoding as it was, and the place that was reached from it. */
export interface Refined {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** Fewer than were asked for if it was stopped. */
  readonly steps: number;
  readonly seconds: number;
  /** Of the network itself, where there are images. */
  readonly targetAccuracy?: number;
  /** Images that it was measured on. */
  readonly images?: number;
  readonly encoded: Likeness;
  readonly refined: Likeness;
}
