/** A place in the space, as the page, its address bar and the worker name it. The worker knows the embedding. */
export type Place =
  /** The embedding of a network of the map. */
  | { readonly at: 'network'; readonly name: string }
  /** On the plane of the map: the first two principal components, in their units. */
  | { readonly at: 'plane'; readonly x: number; readonly y: number }
  /** Σ wᵢ eᵢ of two or more places; the weights sum to 1. γ of a line is the second of two weights. */
  | { readonly at: 'mix'; readonly of: readonly Place[]; readonly weights: readonly number[] }
  /** What a search found or a visitor brought; the worker keeps it under this id until the page is closed. */
  | { readonly at: 'kept'; readonly id: string };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}
