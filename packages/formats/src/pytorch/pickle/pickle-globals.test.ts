import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readPyTorchCheckpoint } from '../checkpoint.js';
import { call, global, integer, latin, storageId, tensor, text, tuple } from '../testing/pickle-program.js';

/** Reads a program beside a storage 0 of [1, 2]. */
const read = (program: string) => {
  const data = new Uint8Array(Float32Array.of(1, 2).buffer);
  return readPyTorchCheckpoint(zipSync({ 'a/data.pkl': latin(`\x80\x02${program}.`), 'a/data/0': data }));
};
const values = (program: string): number[] | undefined => {
  const { data } = read(program).get('tensor') ?? {};
  return data && [...data].map(Number);
};
const why = (program: string): string | undefined => read(program).leftAside.get('tensor');
const rebuild = (name: string, ...args: readonly string[]): string => call(global('torch._utils', name), ...args);

describe('calls that make tensors', () => {
  it.each<[string, string]>([
    ['a parameter', rebuild('_rebuild_parameter', tensor(), '\x88', '}')],
    ['a parameter with attributes', rebuild('_rebuild_parameter_with_state', tensor(), '\x88', '}', '}')],
    ['a parameter by its class', call(global('torch.nn.parameter', 'Parameter'), tensor())],
    ['a parameter by its class, without a call', `${global('torch.nn.parameter', 'Parameter')}${tuple(tensor())}\x81`],
    ['a buffer by its class', call(global('torch.nn.parameter', 'Buffer'), tensor())],
    ['a tensor of another device', rebuild('_rebuild_device_tensor_from_cpu_tensor', tensor(), 'N', text('xla:0'), '\x89')],
    ['a tensor with sizes as torch.Size', tensor({ shape: call(global('torch', 'Size'), tuple(integer(2))) })],
    ['a tensor in a storage of CUDA', tensor({ storage: storageId({ type: global('torch.cuda', 'FloatStorage') }) })],
    ['a tensor in a storage whose key is a number', tensor({ storage: storageId({ key: integer(0) }) })],
    ['a tensor in a storage without a view', tensor({ storage: storageId({ view: 'N' }) })],
  ])('read %s', (_, program) => {
    expect(values(program)).toEqual([1, 2]);
  });
  it('read a piece of a storage', () => {
    const storage = storageId({ view: tuple(text('1'), integer(1), integer(1)) });
    expect(values(tensor({ storage, shape: tuple(integer(1)) }))).toEqual([2]);
    expect(() => read(tensor({ storage }))).toThrow(/within the 1 values of its storage, got 2/);
  });

  const unknown = storageId({ type: global('torch', 'HalfComplexStorage') });
  it.each<[string, string, string]>([
    ['a tensor in a storage that is not known', tensor({ storage: unknown }), 'a tensor in a torch.HalfComplexStorage'],
    ['a tensor in a storage without a class', tensor({ storage: storageId({ type: text('float') }) }), 'a tensor in a storage without a class'],
    ['a quantized tensor in such a one', rebuild('_rebuild_qtensor', unknown, integer(0), '))', 'N'), 'a tensor in a torch.HalfComplexStorage'],
    ['a quantized tensor without a quantizer', rebuild('_rebuild_qtensor', storageId(), integer(0), '))', 'N'), 'a tensor quantized per channel'],
    ['a parameter of a sparse tensor', rebuild('_rebuild_parameter', rebuild('_rebuild_sparse_tensor', 'N'), '\x88', '}'), 'a sparse tensor'],
    ['a parameter that wraps what is no tensor', `${global('torch.nn.parameter', 'Parameter')}${tuple('N')}\x81`, 'a parameter'],
    [
      'a tensor made by a function of its own',
      call(global('torch._tensor', '_rebuild_from_type_v2'), global('mine', 'make'), global('mine', 'Mine'), tuple(integer(1)), 'N'),
      'a tensor made by mine.make',
    ],
    ['a tensor of a class that has no name', rebuild('_rebuild_wrapper_subclass', 'N'), 'a tensor of the class of another library'],
    ['a tensor of an unknown type', rebuild('_rebuild_tensor_v3', storageId(), integer(0), ')', ')', '\x89', 'N', global('torch', 'int3')), 'a tensor of int3'],
  ])('leave aside %s', (_, program, reason) => {
    expect(why(program)).toBe(reason);
  }); // prettier-ignore

  const REFUSED = /expected arguments that [\w.]+ takes, got others/;
  it.each<[string, string, RegExp]>([
    ['a tensor at no offset', tensor({ offset: 'N' }), REFUSED],
    ['a tensor of no storage', tensor({ storage: 'N' }), REFUSED],
    ['a tensor of a pickled object', tensor({ storage: `${global('mine', 'Storage')})R` }), REFUSED],
    ['a tensor whose sizes are text', tensor({ shape: tuple(text('2')) }), REFUSED],
    ['a tensor whose sizes are a number', tensor({ shape: integer(2) }), REFUSED],
    ['a tensor whose sizes are another object', tensor({ shape: call(global('mine', 'Size'), tuple(integer(2))) }), REFUSED],
    ['a tensor without strides', tensor({ strides: 'N' }), REFUSED],
    ['a parameter of nothing', rebuild('_rebuild_parameter', 'N', '\x88', '}'), REFUSED],
    ['a parameter without arguments', rebuild('_rebuild_parameter'), REFUSED],
    ['a tensor of another class made by nothing', call(global('torch._tensor', '_rebuild_from_type_v2'), 'N', 'N', ')', 'N'), REFUSED],
    ['a tensor of another class made of nothing', call(global('torch._tensor', '_rebuild_from_type_v2'), global('mine', 'make'), 'N', 'N', 'N'), REFUSED],
    ['an id that is no tuple', `${text('0')}Q`, /persistent id of a storage, got another/],
    ['an id of something else', `${tuple(text('blob'), 'N', text('0'), 'N', integer(2))}Q`, /persistent id of a storage, got another/],
    ['a storage whose key is a list', storageId({ key: ']' }), /persistent id of a storage, got another/],
    ['a storage of no length', storageId({ length: 'N' }), /persistent id of a storage, got another/],
    ['a piece from text', storageId({ view: tuple(text('1'), text('0'), integer(1)) }), /expected a view of a storage/],
    ['a piece of text', storageId({ view: tuple(text('1'), integer(0), text('1')) }), /expected a view of a storage/],
    ['a piece beyond the storage', tensor({ storage: storageId({ view: tuple(text('1'), integer(1), integer(2)) }) }), /piece of a storage of 2 values for tensor, got 2 from 1/],
    ['a piece from before the storage', tensor({ storage: storageId({ view: tuple(text('1'), integer(-1), integer(2)) }) }), /piece of a storage/],
    ['a storage that the file has not', tensor({ storage: storageId({ key: text('9') }) }), /2 F32 values for tensor in data\/9, got no such file/],
    ['a storage of another size', tensor({ storage: storageId({ length: integer(3) }) }), /3 F32 values for tensor in data\/0, got 8 bytes/],
  ])('refuse %s', (_, program, message) => {
    expect(() => read(program)).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }));
  }); // prettier-ignore

  it('take a class with its source code for the class', () => {
    expect(
      read(`}${text('w')}${tensor()}s${text('c')}${tuple(text('module'), global('mine', 'Net'), text('net.py'), text(''))}Qs`).size,
    ).toBe(1);
    expect(read(`}${text('w')}${tensor()}s${text('c')}${tuple(text('module'))}Qs`).size).toBe(1);
  });
  it('read a storage of no numbers that the file has not', () => {
    const empty = tensor({ storage: storageId({ key: text('9'), length: integer(0) }), shape: tuple(integer(0)) });
    expect(read(empty).get('tensor')).toMatchObject({ dtype: 'F32', shape: [0] });
  });
});
