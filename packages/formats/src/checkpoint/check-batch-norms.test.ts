import { readFileSync } from 'node:fs';

import '@tensorflow/tfjs';
import type { Architecture } from '@netspace/prep';
import { expect, it } from 'vitest';

import { instanceFromCheckpoint } from './instance-from-checkpoint.js';

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/checkpoints/${name}.pt`, import.meta.url)));
const networkWith = (batchNorms?: readonly object[]): Architecture => ({
  name: 'net',
  parameters: [
    { name: 'conv.weight', shape: [3, 2, 2, 2], tensorAxes: [2, 3, 1, 0] },
    { name: 'conv.bias', shape: [3] },
    { name: 'fc.weight', shape: [2, 3], tensorAxes: [1, 0] },
    { name: 'fc.bias', shape: [2] },
  ],
  ...(batchNorms && { batchNorms: batchNorms as NonNullable<Architecture['batchNorms']> }),
  apply: (_, x) => x,
});
const whole = { weight: 'conv.weight', bias: 'conv.bias', convolution: 'conv', norm: 'bn' };
const { convolution: _, ...alone } = whole;
const { weight: _weight, ...weightless } = whole;

it.each<[string, readonly object[], RegExp]>([
  ['an unknown key', [{ layer: 'conv', norm: 'bn' }], /batchNorms\[0\] of net: .*(unknown|expected).*(layer|weight)/],
  ['an unknown key beside all others', [{ ...whole, layer: 'conv' }], /batchNorms\[0\] of net: .*'?layer/],
  ['a missing key', [whole, weightless], /batchNorms\[1\] of net: .*weight/],
  ['a norm that is no name', [{ ...whole, norm: true }], /batchNorms\[0\] of net: .*norm to be text, got true/],
  [
    'a layer without its name',
    [alone],
    /expected convolution in batchNorms\[0\] of net, got none, .*; name the layer before folding, such as conv$/,
  ],
])('refuses %s in batchNorms', (_, batchNorms, words) => {
  const read = () => instanceFromCheckpoint(networkWith(batchNorms), bytesOf('norm'));
  expect(read).toThrow(words);
  expect(read).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
it.each(['norm', 'norm-and-bias'])('names batchNorms where the architecture lists no norm for those of %s', (name) => {
  expect(() => instanceFromCheckpoint(networkWith(), bytesOf(name))).toThrow(
    /the file has batch norms \(bn\) and net lists none: list each in batchNorms of the architecture, with weight, bias, convolution and norm$/,
  );
  expect(() => instanceFromCheckpoint({ ...networkWith(), name: 'onnx-0123456789abc' }, bytesOf(name))).toThrow(
    /because its exporter folded them: export it again with training=torch\.onnx\.TrainingMode\.PRESERVE and do_constant_folding=False$/,
  );
});
