import { decoderSpecs, encoderSpecs, resolveConfig, type DecoderConfig, type EncoderConfig, type NamedTensors } from '@netspace/model';
import { instanceFromRawTensors, type RawTensor } from '@netspace/formats';
import { unresolvedArchitecture, type ParameterSpec } from '@netspace/prep';

import { configNumber, configNumbers, type ManifestConfig } from './manifest.js';

/** Tensors of a state dict under their names, axes in TensorFlow's order; the caller owns them. */
export function namedTensors(specs: readonly ParameterSpec[], tensors: ReadonlyMap<string, RawTensor>): NamedTensors {
  const { parameters } = instanceFromRawTensors(unresolvedArchitecture('weights', specs), tensors);
  return Object.fromEntries(specs.map(({ name }, i) => [name, parameters[i]!]));
}

/** An encoder's sizes, read off its weights. */
export function encoderConfigOf(tensors: ReadonlyMap<string, RawTensor>): EncoderConfig {
  const size = (name: string): number => tensors.get(name)?.shape[0] ?? NaN;
  return { encoderWidth: size('conv1.0.weight'), embeddingSize: size('conv4.0.weight') };
}

/** A decoder's sizes, from the manifest: the paper's, for this PRep, embedding and number of architectures. */
export function decoderConfigOf(path: string, config: ManifestConfig): DecoderConfig {
  const [height = NaN, width = NaN] = configNumbers(path, config, 'prepSize');
  return resolveConfig({
    prepShape: [height, width],
    embeddingSize: configNumber(path, config, 'embSize'),
    classes: config['archPrediction'] === true ? configNumber(path, config, 'numArchs') : 1,
  });
}

export const encoderWeights = (tensors: ReadonlyMap<string, RawTensor>): NamedTensors =>
  namedTensors(encoderSpecs(encoderConfigOf(tensors)), tensors);

export const decoderWeights = (config: DecoderConfig, tensors: ReadonlyMap<string, RawTensor>): NamedTensors =>
  namedTensors(decoderSpecs(config), tensors);

/** Multiply-adds of encoding a batch. */
export const encoderCost = ({ embeddingSize }: EncoderConfig, [batch = 1, height = 1, width = 1]: readonly number[]): number =>
  batch * (embeddingSize / 4096) ** 2 * (24_600 * height * width + 6.7e6 * height);

/** Multiply-adds of decoding a batch. */
export const decoderCost = ({ prepShape: [height, width] }: DecoderConfig, batch: number): number => batch * 112_900 * height * width;
