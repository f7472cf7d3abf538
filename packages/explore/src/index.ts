export { encodePng } from './encode-png.js';
export { fitPrior, type GaussianPriorOptions, type NeighboursPriorOptions, type PriorOptions } from './fit-prior.js';
export { evenGammas, interpolateEmbeddings } from './interpolate.js';
export { interpolateWeights } from './interpolate-weights.js';
export type { Picture, Rgb } from './picture.js';
export { prepPicture, type PRepPictureOptions } from './prep-picture.js';
export type { GaussianPrior, NeighboursPrior, Prior } from './prior.js';
export { samplePrior, type SamplePriorOptions } from './sample-prior.js';
