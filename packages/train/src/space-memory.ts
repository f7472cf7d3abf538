import { decoderSpecs, encoderSpecs, type NetSpaceConfig } from '@netspace/model';
import { directionsCount } from '@netspace/model/internal';
import { type Architecture, parameterCount } from '@netspace/prep';
import { activationCount, inputCount } from '@netspace/zoo/internal';

import { PROCESS } from './recipes/job-memory.js';
import { type Grouping, LARGE_INPUTS } from './tasks/run-networks.js';

const BYTES = 4;

/**
 * How many copies of its numbers the training of a space has at its highest. `weights`: values, gradients, the optimizer's two, and all of them again as a
 * checkpoint is written or a run goes back. `preps`: packed, one by one, and the networks themselves. `views`: what the layers of the space keep for the
 * gradient. `largest`: of a dense decoder's largest layer, which may have most of the weights, what its gradient and its update lay out at once. `running`:
 * what the layers of predicted networks give that run together, whose gradients are laid out anew; `waiting`: of those that run one after the other.
 * `parameters`: of predicted networks. `directions`: on the device, and as they were made. `data`: for the plan and for the training.
 */
const COPIES = { weights: 14, largest: 14, preps: 3, views: 5, running: 7, waiting: 1.5, parameters: 8, directions: 2, data: 2 } as const;

/** The largest tensor that the encoder, which takes rows a few at a time, lays out at once, and how many of them. */
const CHUNK = { numbers: 2 ** 22, copies: 8 } as const;

/** What decides how much memory the training of a space takes. */
export interface SpaceTrainingSize {
  readonly space: NetSpaceConfig;
  /** Those that the space knows. */
  readonly architectures: readonly Architecture[];
  /** Networks that it learns from. */
  readonly networks: number;
  /** Whether each of them has an embedding of its own, which is trained too. */
  readonly free?: boolean;
  /** Networks that a step encodes. */
  readonly nets: number;
  /** Networks between these that a step decodes too. */
  readonly between: number;
  /** Inputs on which each is run; 0 if none is. */
  readonly inputs: number;
  /** Whether they run together. */
  readonly grouping: Grouping;
  /** Inputs on which one network is run at once without a gradient, when the space is measured; 0 if it is not. */
  readonly measured: number;
  readonly data: readonly ArrayBufferView[];
}

/**
 * Bytes that the training of a space takes at its highest, by an estimate from sizes alone.
 *
 * @returns undefined if the layers of an architecture that is run are unknown, such as those of an ONNX file
 */
export function spaceTrainingMemory(size: SpaceTrainingSize): number | undefined {
  const { space, architectures, networks, free = false, nets, between, inputs, grouping, measured, data } = size;
  const isRun = Math.max(inputs, measured) > 0;
  const activations = isRun ? architectures.map(activationCount) : [0];
  if (!activations.every((one) => one !== undefined)) return undefined;
  const [height, width] = space.prepShape;
  const decoded = nets + between;
  const isLarge = inputs * Math.max(...architectures.map((one) => inputCount(one) ?? 0)) >= LARGE_INPUTS;
  const together = grouping === 'apart' || (grouping === 'auto' && isLarge) ? 1 : decoded; // on wasm, where all run apart, it takes less
  const kept = inputs * (COPIES.running * together + COPIES.waiting * (decoded - together));
  const parameters = isRun ? Math.max(...architectures.map((one) => parameterCount(one.parameters))) : 0;
  const table = free ? networks * space.embeddingSize : 0;
  const numbers =
    COPIES.weights * (parameterCount([...encoderSpecs(space), ...decoderSpecs(space)]) + table) +
    COPIES.largest * largestDense(space) +
    COPIES.directions * directionsCount(space, architectures) +
    COPIES.preps * networks * height * width +
    decoded * (COPIES.views * viewCount(space) + COPIES.parameters * parameters) +
    Math.max(kept, COPIES.running * measured) * Math.max(...activations) +
    CHUNK.copies * Math.min(CHUNK.numbers, (nets * height * width * space.encoderWidth) / 2);
  return PROCESS + BYTES * numbers + COPIES.data * data.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Weights of the largest layer of a dense decoder; 0 for the paper's convolutions, none of which has most of the weights. */
const largestDense = (space: NetSpaceConfig): number =>
  space.dense === undefined ? 0 : Math.max(...decoderSpecs(space).map((spec) => parameterCount([spec])));

/** Numbers that the layers of a space give for one network: of the encoder what lies under the maxima, and its features; the views of the decoder. */
function viewCount(config: NetSpaceConfig): number {
  const { embeddingSize, encoderWidth: h, decoderChannels, decoderWidth, decoderHidden, dense } = config;
  const [height, width] = config.prepShape;
  const encoder = height * (6 * h ** 2 + 6 * h + embeddingSize);
  if (dense !== undefined) return encoder + embeddingSize + dense.layers * dense.units + height * width;
  return encoder + embeddingSize + height * (decoderChannels * decoderWidth + (width * (decoderWidth + decoderHidden)) / 32 + width);
}
