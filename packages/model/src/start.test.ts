import type { Architecture, Instance } from '@netspace/prep';
import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, expectTypeOf, it } from 'vitest';

import type { NetSpaceOptions } from './net-space-options.js';
import { NetSpace } from './net-space.js';
import type { InstancesStart, Start, StartOptions, Units } from './start.js';

const architecture: Architecture = {
  name: 'numbers',
  parameters: [{ name: 'w', shape: [20] }],
  apply: ([w]) => w!,
};
const instanceOf = (value: number): Instance => ({ architecture, parameters: [tf.fill([20], value)] });
const sizes = { architectures: [architecture], prepShape: [4, 16], preset: 'tiny', seed: 3 } as const;
const biasOf = (space: NetSpace) => [...space.variables['decoder/scalelayer.bias']!.dataSync()];

describeOnRuntimes('the start of a space', () => {
  it('is random unless told otherwise', () => {
    const [first, second] = [new NetSpace(sizes), new NetSpace({ ...sizes, start: { from: 'random' } })];
    expect(biasOf(first)).toEqual(biasOf(second));
    expect([first.startedFrom, second.startedFrom]).toEqual(['random', 'random']);
    [first, second].forEach((space) => space.dispose());
  });

  it('is remembered by who takes over its weights', () => {
    const space = new NetSpace({ ...sizes, start: { from: 'instance', instance: instanceOf(2) } });
    const { variables: weights, startedFrom } = space;
    const copy = new NetSpace({ ...sizes, start: { from: 'weights', weights, startedFrom } });
    expect([space.startedFrom, copy.startedFrom]).toEqual(['instance', 'instance']);
    expect(biasOf(copy).slice(0, 21)).toEqual([...Array<number>(20).fill(2), 0]);
    [space, copy].forEach((each) => each.dispose());
  });

  it('takes units measured on networks, or those of another space, to the bit', () => {
    const networks = [1, 4, 5].map(instanceOf);
    const start = { from: 'instances', instances: [networks[1]!] } as const;
    const measured = new NetSpace({ ...sizes, start, units: { of: networks } });
    const taken = new NetSpace({ ...sizes, start, units: measured.normalization! });
    for (const part of ['mean', 'deviation', 'start'] as const) {
      expect(taken.normalization![part]!.dataSync()).toEqual(measured.normalization![part]!.dataSync());
      expect(taken.normalization![part]).not.toBe(measured.normalization![part]);
    }
    expect(biasOf(measured).every((value) => value === 0)).toBe(true);
    [measured, taken].forEach((space) => space.dispose());
  });

  it.each<readonly [string, Record<string, unknown>, RegExp]>([
    ['an unknown start', { start: { from: 'best' } }, /start.from to be one of 'random', 'instance', 'instances', 'weights', got 'best'/],
    ['no instance', { start: { from: 'instance' } }, /expected start.instance to be an instance, with start.from 'instance', got nothing/],
    [
      'a list for one',
      { start: { from: 'instance', instances: [] } },
      /expected start.instance to be .*; expected start.instances to be left out with start.from 'instance'/,
    ],
    [
      'an instance that is not used',
      { start: { from: 'random', instance: 1 } },
      /expected start.instance to be left out with start.from 'random', got 1/,
    ],
    [
      'several networks without units',
      { start: { from: 'instances', instances: [] } },
      /expected units with start.from 'instances'.*share/,
    ],
    ['bare networks as units', { units: [] }, /units to be { of: instances } or a normalization of another space, got \[\]/],
    ['other units', { units: { of: 3 } }, /units.of to be a list of instances, got 3/],
    ["the former 'scaleBias'", { scaleBias: 'instance' }, /start: { from: 'instance', instance } instead of 'scaleBias'/],
    ["the former 'normalize'", { normalize: [] }, /units: { of: instances } instead of 'normalize'/],
    ["the former 'weights'", { weights: {} }, /start: { from: 'weights', weights } instead of 'weights'/],
  ])('refuses %s, saying what to type', (_, options, message) => {
    const before = tf.memory().numTensors;
    const make = () => new NetSpace({ ...sizes, ...options } as NetSpaceOptions);
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) as string }));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves nothing behind where a network to start from does not fit', () => {
    const networks = [instanceOf(1)];
    const wrong = { architecture, parameters: [tf.ones([19])] };
    const starts: StartOptions[] = [
      { start: { from: 'instances', instances: [wrong] }, units: { of: networks } },
      { start: { from: 'instance', instance: wrong }, units: { of: networks } },
    ];
    expectNoLeak(() => {
      for (const start of starts) expect(() => new NetSpace({ ...sizes, ...start })).toThrow(/as \[20\], got \[19\]/);
    });
  });

  it('cannot be combined wrongly by whom types check', () => {
    expectTypeOf<{ start: InstancesStart }>().not.toExtend<StartOptions>();
    expectTypeOf<{ start: InstancesStart; units: Units }>().toExtend<StartOptions>();
    expectTypeOf<{ from: 'random'; instance: Instance }>().toExtend<{ from: 'random' }>(); // only a literal is checked for more keys
    expectTypeOf<{ from: 'instance' }>().not.toExtend<Start>();
    expectTypeOf<{ units: readonly Instance[] }>().not.toExtend<StartOptions>();
  });
});
