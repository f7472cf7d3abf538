import type { RawTensor } from '@netspace/formats';

import { generate } from '../procedural.js';
import { planes } from './float64.js';
import { decoder, encoder, lenetLike, resnet, siren, type Weights } from './float64-networks.js';
import { checksum, f32, type GoldenFolder } from './golden-folder.js';
import { relabeled } from './relabeled-files.js';

type Shapes = readonly (readonly [name: string, shape: readonly number[]])[];

const conv = (name: string, ...shape: readonly number[]): Shapes => [
  [`${name}.weight`, shape],
  [`${name}.bias`, [shape[0]!]],
];

/** LeNetLike with widths of its own, a ResNet of another depth, and SIRENs of other sizes; `photos` is nobody's data set. */
const NETS: Readonly<Record<string, Shapes>> = {
  'thin-photos': [
    ...conv('conv1', 5, 3, 5, 5),
    ...conv('conv2', 7, 5, 5, 5),
    ...conv('fc1', 31, 175),
    ...conv('fc2', 17, 31),
    ...conv('fc3', 6, 17),
  ],
  'deeper-photos': [...conv('conv1', 4, 3, 3, 3), ...stages(2, [4, 6, 8]), ...conv('fc', 6, 8)],
  'mlp-24x2': [...conv('mlp.0', 24, 3), ...conv('mlp.2', 24, 24), ...conv('mlp.4', 24, 24), ...conv('mlp.6', 1, 24)],
  'mlp-32x1': [...conv('mlp.0', 32, 3), ...conv('mlp.2', 32, 32), ...conv('mlp.4', 1, 32)],
};

function stages(blocks: number, widths: readonly number[]): Shapes {
  return widths.flatMap((width, stage) =>
    Array.from({ length: blocks }, (_, block) => {
      const name = `layers.${stage}.${block}`;
      const inputs = block === 0 ? widths[Math.max(0, stage - 1)]! : width;
      const downsample = stage > 0 && block === 0 ? conv(`${name}.downsample`, width, inputs, 1, 1) : [];
      return [...conv(`${name}.conv1`, width, inputs, 3, 3), ...conv(`${name}.conv2`, width, width, 3, 3), ...downsample];
    }).flat(),
  );
}

const ENCODERS: Readonly<Record<string, Shapes>> = {
  encoder96: encoderShapes(3),
  encoder160: encoderShapes(5),
};

function encoderShapes(h: number): Shapes {
  return [
    ...conv('conv1.0', h, 1, 1, 3),
    ...conv('conv2.0', 2 * h, h, 1, 3),
    ...conv('conv3.0', 4 * h, 2 * h, 3, 1),
    ...conv('conv4.0', 32 * h, 4 * h, 3, 1),
  ];
}

const [HEIGHT, WIDTH, ARCHITECTURES] = [4, 24, 3];

const DECODER: Shapes = [
  ...conv('arch_conv.0', 10, 1, 3, 3),
  ...conv('arch_classifier', ARCHITECTURES, 10240),
  ...conv('conv1.0', 256 * HEIGHT, 1, 3, 3),
  ...conv('conv2.0', WIDTH / 8, 128, 3, 3),
  ...conv('conv3.0', 256, 512, 3, 3),
  ...conv('conv4.0', 32, 256, 3, 3),
  ['scalelayer.scale', [HEIGHT, WIDTH]],
  ['scalelayer.bias', [HEIGHT, WIDTH]],
];

/**
 * A valid folder unlike `golden/data`: other networks, sizes, batches, seeds and names, in part worked out in double precision here, in
 * part the given folder's cases relabeled and reordered.
 */
export function otherFolder(original: GoldenFolder): GoldenFolder {
  const shapes = { ...prefixed('net:', NETS), encoder160: ENCODERS['encoder160']!, 'my-decoder': DECODER };
  const recipes = Object.fromEntries(Object.entries(shapes).map(([group, list], i) => [group, recipesFor(list, 977 * (i + 1))]));
  const group = (name: string): Weights => generated(recipes[name]!);
  const storedThin = generated(recipesFor(NETS['thin-photos']!, 5));
  const storedSiren = generated(recipesFor(NETS['mlp-24x2']!, 6, 0.3));
  const weightsOf = (key: string, source: string): Weights =>
    source === 'gen' ? group(`net:${key}`) : key === 'thin-photos' ? storedThin : storedSiren;
  const others = relabeled(original);

  return {
    manifest: {
      generator: { multiplier: 2654435761, groups: { ...recipes, ...others.groups } },
      nets: Object.fromEntries(Object.entries(NETS).map(([key, list]) => [key, netEntry(key, list)])),
      configs: {
        'decoder/mine': { generatorGroup: 'my-decoder', embSize: 4096, prepSize: [HEIGHT, WIDTH], archPrediction: true, numArchs: ARCHITECTURES, batch: 1, input: 'my-embeddings, first row only' }, // prettier-ignore
        ...others.configs,
      },
    },
    files: {
      nets: new Map([...storedFile('thin-photos', storedThin), ...storedFile('mlp-24x2', storedSiren)]),
      prep: prepFile(weightsOf),
      forward: forwardFile(weightsOf),
      siren: sirenFile([storedSiren, weightsOf('mlp-24x2', 'gen')], weightsOf('mlp-32x1', 'gen')),
      encdec: encdecFile(group, weightsOf('thin-photos', 'gen')),
      ...others.files,
    },
  };
}

const prefixed = (prefix: string, record: Readonly<Record<string, Shapes>>): Record<string, Shapes> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [prefix + key, value]));

/** Seeds and scales that keep activations near 1. */
const recipesFor = (shapes: Shapes, seed: number, gain = 1) =>
  Object.fromEntries(
    shapes.map(([name, shape], i) => {
      const inputs = shape.length === 1 ? 100 : shape.slice(1).reduce((product, size) => product * size, 1);
      const sine = name.startsWith('mlp.') ? 1 / 30 : 1;
      return [name, { shape, seed: Math.imul(seed + i, 0x85ebca6b) >>> 0, scale: gain * sine * Math.sqrt(24 / inputs) }];
    }),
  );

const generated = (recipes: ReturnType<typeof recipesFor>): Weights =>
  new Map(Object.entries(recipes).map(([name, recipe]) => [name, generate(recipe)]));

function netEntry(key: string, list: Shapes): object {
  let offset = 0;
  const params = list.map(([name, shape]) => {
    const entry = { name, shape, offset };
    offset += shape.reduce((product, size) => product * size, 1);
    return entry;
  });
  const stored = key === 'thin-photos' || key === 'mlp-24x2';
  return {
    classId: null,
    dataset: key.endsWith('photos') ? 'photos' : null,
    numParams: offset,
    params,
    stored,
    generatorGroup: `net:${key}`,
  };
}

const storedFile = (key: string, weights: Weights): [string, RawTensor][] =>
  [...weights].map(([name, tensor]) => [`${key}/${name}`, tensor]);

function packed(weights: Weights, places: number): Float32Array {
  const prep = new Float32Array(places);
  let next = 0;
  for (const { data } of weights.values()) for (const value of data) prep[next++] = Number(value);
  return prep;
}

function prepFile(weightsOf: (key: string, source: string) => Weights): Map<string, RawTensor> {
  return new Map([
    ['thin-photos/stored/80x100', f32([1, 80, 100], packed(weightsOf('thin-photos', 'stored'), 8000))],
    ...checksum('deeper-photos/gen/24x320', [1, 24, 320], packed(weightsOf('deeper-photos', 'gen'), 24 * 320)),
  ]);
}

const sequence = (count: number, seed: number, scale: number): Float32Array =>
  generate({ shape: [count], seed, scale }).data as Float32Array;

function forwardFile(weightsOf: (key: string, source: string) => Weights): Map<string, RawTensor> {
  const images = sequence(3 * 3072, 3, 3.4);
  const image = (i: number) => planes(images.subarray(i * 3072, (i + 1) * 3072), 3, 32, 32);
  const coords = sequence(11 * 3, 4, 2);
  const logits = (run: (i: number) => Float64Array) => f32([3, 6], [0, 1, 2].flatMap((i) => [...run(i)])); // prettier-ignore
  const out = (weights: Weights) =>
    f32(
      [11],
      Array.from({ length: 11 }, (_, i) => siren(weights, coords.subarray(3 * i, 3 * i + 3))[0]!),
    );
  return new Map([
    ['coords', f32([11, 3], coords)],
    ['images-photos', f32([3, 3, 32, 32], images)],
    ['deeper-photos/gen/logits', logits((i) => resnet(weightsOf('deeper-photos', 'gen'), image(i), 2))],
    ['thin-photos/gen/logits', logits((i) => lenetLike(weightsOf('thin-photos', 'gen'), image(i)))],
    ['thin-photos/stored/logits', logits((i) => lenetLike(weightsOf('thin-photos', 'stored'), image(i)))],
    ['mlp-24x2/stored/out', out(weightsOf('mlp-24x2', 'stored'))],
    ['mlp-32x1/gen/out', out(weightsOf('mlp-32x1', 'gen'))],
  ]);
}

function sirenFile(networks: readonly Weights[], single: Weights): Map<string, RawTensor> {
  const coords = sequence(networks.length * 7 * 3, 8, 2);
  const at = (weights: Weights, k: number): number[] =>
    Array.from({ length: 7 }, (_, i) => siren(weights, coords.subarray((k * 7 + i) * 3, (k * 7 + i + 1) * 3))[0]!);
  const preps = networks.flatMap((weights) => [...packed(weights, 4 * 336)]);
  return new Map([
    ['h24/preps', f32([networks.length, 1, 4, 336], preps)],
    ['h24/coords', f32([networks.length, 7, 3], coords)],
    ['h24/out', f32([networks.length, 7, 1], networks.flatMap(at))],
    ['h32/coords', f32([1, 7, 3], coords.subarray(0, 21))],
    ['h32/out', f32([1, 7, 1], at(single, 0))],
  ]);
}

function encdecFile(group: (name: string) => Weights, thin: Weights): Map<string, RawTensor> {
  const stored = generated(recipesFor(ENCODERS['encoder96']!, 31));
  const prep = sequence(5 * 21, 9, 3);
  const own = encoder(stored, planes(prep, 1, 5, 21));
  const large = encoder(group('encoder160'), planes(packed(thin, 80 * 96), 1, 80, 96));
  const embeddings = sequence(2 * 4096, 10, 3.4);
  const decoded = decoder(group('my-decoder'), embeddings.subarray(0, 4096), HEIGHT, WIDTH);
  const { conv1, conv3 } = decoded.layers;
  return new Map([
    ...[...stored].map(([name, tensor]): [string, RawTensor] => [`encoder96/w/${name}`, tensor]),
    ['encoder96/only/prep', f32([1, 1, 5, 21], prep)],
    ['encoder96/only/embedding', f32([1, 96, 1, 1], own.embedding)],
    ...checksum('encoder96/only/conv2', [1, 6, 5, 6], own.layers['conv2']!.data),
    ['encoder160/thin-photos-80x96/embedding', f32([1, 160, 1, 1], large.embedding)],
    ['my-embeddings', f32([2, 4096, 1, 1], embeddings)],
    ['decoder/mine/prep', f32([1, 1, HEIGHT, WIDTH], decoded.prep)],
    ['decoder/mine/arch-logits', f32([1, ARCHITECTURES], decoded.classLogits)],
    ...checksum('decoder/mine/conv1', [1, conv1.channels, conv1.height, conv1.width], conv1.data),
    ...checksum('decoder/mine/conv3', [1, conv3.channels, conv3.height, conv3.width], conv3.data),
  ]);
}
