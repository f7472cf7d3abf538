import * as tf from '@tensorflow/tfjs-core';

import { attribute, type Call, input, int, misfit, type Operator, text, unsupported } from '../run/call.js';
import { isHost, plain, range, tensorOf, type Value } from '../run/value.js';
import { sliceAlong } from './along.js';

/** What goes from step to step: the hidden state, and an LSTM's cell. */
type State = readonly tf.Tensor[];

/** One step of one direction: what the input gives for all gates, the state, and the recurrent weights `[gates · hidden, hidden]`. */
type Step = (gates: tf.Tensor, state: State, recurrent: tf.Tensor, bias: tf.Tensor) => State;

/** A recurrent operator, unrolled: W `[directions, gates · hidden, in]`, R `[directions, gates · hidden, hidden]`, B both biases. */
const recurrent =
  (gateCount: number, states: number, stepOf: (call: Call, hidden: number, direction: number) => Step): Operator =>
  (call) => {
    const [x, w, r] = [tensorOf(input(call, 0)), tensorOf(input(call, 1)), tensorOf(input(call, 2))];
    const batchFirst = int(call, 'layout', 0) === 1;
    const sequence = batchFirst ? tf.transpose(x, [1, 0, 2]) : x;
    const [steps = 0, batch = 0, width = 0] = sequence.shape;
    const hidden = r.shape.at(-1)!;
    const directions = w.shape[0]!;
    checkCall(call, { steps, states });
    if (w.shape[2] !== width || w.shape[1] !== gateCount * hidden) throw misfit(call, `weights [directions, ${gateCount} · hidden, ${width}]`, [input(call, 1)]); // prettier-ignore
    const b = call.inputs[3] === undefined ? tf.zeros([directions, 2 * gateCount * hidden]) : tensorOf(call.inputs[3]);
    const reversed = (direction: number): boolean => text(call, 'direction', 'forward') === 'reverse' || direction === 1;
    const results = range(directions).map((direction) => {
      const of = (tensor: tf.Tensor): tf.Tensor => tf.squeeze(sliceAlong(tensor, 0, direction, 1), [0]);
      const [inputBias, ownBias] = [0, 1].map((i) => sliceAlong(of(b), 0, i * gateCount * hidden, gateCount * hidden)) as [tf.Tensor, tf.Tensor]; // prettier-ignore
      const flat = tf.matMul(tf.reshape(sequence, [-1, width]), of(w), false, true);
      const all = tf.reshape(tf.add(flat, inputBias), [steps, batch, gateCount * hidden]);
      const initial = range(states).map((i) => {
        const given = call.inputs[5 + i];
        return given === undefined ? tf.zeros([batch, hidden]) : initialOf(given, direction, batchFirst);
      });
      return unrolled(all, initial, reversed(direction), (gates, state) => stepOf(call, hidden, direction)(gates, state, of(r), ownBias));
    });
    const outputs = tf.stack(
      results.map(({ outputs: each }) => tf.stack(each)),
      1,
    ); // [steps, directions, batch, hidden]
    const last = range(states).map((i) => tf.stack(results.map(({ state }) => state[i]!))); // [directions, batch, hidden]
    const order = (tensor: tf.Tensor, axes: number[]): Value => plain(batchFirst ? tf.transpose(tensor, axes) : tensor);
    return [order(outputs, [2, 0, 1, 3]), ...last.map((state) => order(state, [1, 0, 2]))];
  };

const initialOf = (given: Value, direction: number, batchFirst: boolean): tf.Tensor =>
  tf.squeeze(sliceAlong(tensorOf(given), batchFirst ? 1 : 0, direction, 1), [batchFirst ? 1 : 0]);

function unrolled(all: tf.Tensor, initial: State, backwards: boolean, step: (gates: tf.Tensor, state: State) => State) {
  const steps = all.shape[0]!;
  const outputs = Array<tf.Tensor>(steps);
  let state = initial;
  for (let i = 0; i < steps; i++) {
    const place = backwards ? steps - 1 - i : i;
    state = step(tf.squeeze(sliceAlong(all, 0, place, 1), [0]), state);
    outputs[place] = state[0]!;
  }
  return { outputs, state };
}

function checkCall(call: Call, { steps, states }: { readonly steps: number; readonly states: number }): void {
  const lengths = call.inputs[4];
  if (lengths !== undefined && !(isHost(lengths) && Array.from(lengths.data).every((length) => length === steps))) {
    throw unsupported(call, 'sequences of equal lengths', 'sequence_lens', 'export the model without packed sequences');
  }
  if (attribute(call, 'clip') !== undefined || call.inputs[7] !== undefined || int(call, 'input_forget', 0) !== 0) {
    throw unsupported(call, 'a plain cell', 'clip, peepholes or input_forget', 'export the model without');
  }
  if (states === 1) return;
  const given = attribute(call, 'activations')?.strings ?? [];
  const usual = ['Sigmoid', 'Tanh', 'Tanh'];
  if (given.some((name, i) => name !== usual[i % 3])) throw unsupported(call, `activations ${usual.join(', ')}`, given.join(', '), 'use those'); // prettier-ignore
}

const gatesOf =
  (tensor: tf.Tensor, hidden: number): ((i: number) => tf.Tensor) =>
  (i) =>
    sliceAlong(tensor, 1, i * hidden, hidden);

/** Gates in ONNX's order: input, output, forget, cell. */
const lstm = recurrent(4, 2, (_, hidden) => (given, [h, c], r, bias) => {
  const gate = gatesOf(tf.add(tf.add(given, tf.matMul(h!, r, false, true)), bias), hidden);
  const cell = tf.add(tf.mul(tf.sigmoid(gate(2)), c!), tf.mul(tf.sigmoid(gate(0)), tf.tanh(gate(3))));
  return [tf.mul(tf.sigmoid(gate(1)), tf.tanh(cell)), cell];
});

/** Gates in ONNX's order: update, reset, hidden. PyTorch applies the reset gate behind the recurrent product. */
const gru = recurrent(3, 1, (call, hidden) => {
  const given = attribute(call, 'activations')?.strings ?? [];
  if (given.some((name, i) => name !== ['Sigmoid', 'Tanh'][i % 2])) throw unsupported(call, 'activations Sigmoid, Tanh', given.join(', '), 'use those'); // prettier-ignore
  const behind = int(call, 'linear_before_reset', 0) === 1;
  return (gates, [h], r, bias) => {
    const before = gatesOf(gates, hidden);
    const weights = (i: number): tf.Tensor => sliceAlong(r, 0, i * hidden, hidden);
    const own = (i: number, state: tf.Tensor): tf.Tensor =>
      tf.add(tf.matMul(state, weights(i), false, true), sliceAlong(bias, 0, i * hidden, hidden));
    const update = tf.sigmoid(tf.add(before(0), own(0, h!)));
    const reset = tf.sigmoid(tf.add(before(1), own(1, h!)));
    const fresh = behind ? tf.mul(reset, own(2, h!)) : own(2, tf.mul(reset, h!));
    const next = tf.tanh(tf.add(before(2), fresh));
    return [tf.add(tf.mul(tf.sub(1, update), next), tf.mul(update, h!))];
  };
});

const rnn = recurrent(1, 1, (call, _, direction) => {
  const names = attribute(call, 'activations')?.strings ?? [];
  const name = names[direction] ?? names[0] ?? 'Tanh';
  const activation = ({ Tanh: tf.tanh, Relu: tf.relu, Sigmoid: tf.sigmoid } as Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>>)[name];
  if (activation === undefined) throw unsupported(call, 'activation Tanh, Relu or Sigmoid', name, 'use one of those');
  return (gates, [h], r, bias) => [activation(tf.add(tf.add(gates, tf.matMul(h!, r, false, true)), bias))];
});

export const RECURRENT: Readonly<Record<string, Operator>> = {
  LSTM: lstm,
  GRU: gru,
  RNN: rnn,
  'netspace.Gates': (call) => joinGates(call),
};

/** Joins the weights of a recurrent layer as PyTorch has them, piece by piece, into what ONNX's operators read. */
const joinGates: Operator = (call) => {
  const order = attribute(call, 'order')?.ints ?? [];
  const directions = int(call, 'directions', 1);
  const pieces = call.inputs.map((_, i) => {
    const piece = tensorOf(input(call, i));
    const rows = piece.shape[0]! / order.length;
    const gates = order.map((own) => sliceAlong(piece, 0, own * rows, rows));
    return gates.length === 1 ? piece : tf.concat(gates, 0);
  });
  const each = pieces.length / directions;
  const whole = range(directions).map((direction) => {
    const parts = pieces.slice(direction * each, (direction + 1) * each);
    return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
  });
  return plain(tf.stack(whole));
};
