import { instanceFromRawTensors, type RawTensor } from '@netspace/formats';
import { unresolvedArchitecture, type Architecture, type Instance } from '@netspace/prep';

import { defineArchitecture } from '../../packages/zoo/src/layers/network.js';
import type { GoldenFile } from './golden-file.js';
import type { Manifest, ManifestNet } from './manifest.js';
import { generateGroup } from './procedural.js';
import { recognizeNetwork, specsOf } from './recognize.js';

/** Where a net's weights come from: `nets.safetensors`, or the generator. */
export type WeightSource = 'stored' | 'gen';

/** The manifest's networks. */
export interface Nets {
  readonly keys: readonly string[];
  entry(key: string): ManifestNet;
  /** Parameters only, for PReps; running it is refused. */
  layout(key: string): Architecture;
  /** The network, for images of this size. */
  architecture(key: string, imageSize?: number): Architecture;
  weights(key: string, source: WeightSource): ReadonlyMap<string, RawTensor>;
  /** New tensors, which the caller owns. */
  instance(architecture: Architecture, key: string, source: WeightSource): Instance;
}

export function openNets(manifest: Manifest, storedFile: () => GoldenFile): Nets {
  const entry = (key: string): ManifestNet => {
    const found = manifest.nets[key];
    if (found === undefined) throw new Error(`manifest: expected nets.${key}, got none`);
    return found;
  };
  const weights = (key: string, source: WeightSource): ReadonlyMap<string, RawTensor> => {
    if (source === 'gen') return generateGroup(manifest, entry(key).generatorGroup);
    return new Map(entry(key).params.map(({ name }) => [name, storedFile().raw(`${key}/${name}`)]));
  };
  return {
    keys: Object.keys(manifest.nets),
    entry,
    layout: (key) => unresolvedArchitecture(key, specsOf(entry(key).params)),
    architecture: (key, imageSize) => defineArchitecture(recognizeNetwork(key, entry(key).params, imageSize)),
    weights,
    instance: (architecture, key, source) => instanceFromRawTensors(architecture, weights(key, source)),
  };
}

/** Splits `net/source/rest`; undefined where the name is not of this form. */
export function parseNetName(
  nets: Nets,
  name: string,
): { readonly key: string; readonly source: WeightSource; readonly rest: string } | undefined {
  const key = nets.keys.find((candidate) => name.startsWith(`${candidate}/`));
  const match = /^(stored|gen)\/(.+)$/.exec(name.slice((key?.length ?? 0) + 1));
  if (key === undefined || match === null) return undefined;
  return { key, source: match[1] === 'stored' ? 'stored' : 'gen', rest: match[2]! };
}
