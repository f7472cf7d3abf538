import * as tf from '@tensorflow/tfjs-core';

import { input, misfit, type Operator, text, unsupported } from '../run/call.js';
import { onDevice, plain, range, shapeOf, sizeOf, stored, type View } from '../run/value.js';

/** A tensor whose axes have letters, in the order in which they are stored. */
interface Lettered {
  readonly tensor: tf.Tensor;
  readonly letters: string;
}

/** `Einsum`, two operands at a time: a matrix product over the letters that both have and the result has not. */
export const einsum: Operator = (call) => {
  const equation = text(call, 'equation', '').replaceAll(/\s/g, '');
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  const values = call.inputs.map((_, i) => onDevice(input(call, i)));
  if (terms.length !== values.length) throw misfit(call, `${terms.length} inputs`, values);
  const spelled = expandEllipsis(terms, right, values);
  const letters = spelled.terms.map((term, i) => {
    if (new Set(term).size !== term.length) throw unsupported(call, 'each letter once in a term', term, 'write the diagonal out');
    if (term.length !== shapeOf(values[i]!).length) throw misfit(call, `the axes ${term}`, [values[i]!]);
    return term;
  });
  let result: Lettered = inLetters(values[0]!, letters[0]!);
  for (let i = 1; i < values.length; i++) {
    const later = letters.slice(i + 1).join('') + spelled.result;
    result = contracted(result, inLetters(values[i]!, letters[i]!), later);
  }
  const summed = withoutLetters(result, (letter) => spelled.result.includes(letter));
  if (Array.from(spelled.result).some((letter) => !summed.letters.includes(letter)))
    throw misfit(call, `letters of the inputs in ${equation}`, values);
  return { tensor: summed.tensor, axes: Array.from(summed.letters).map((letter) => spelled.result.indexOf(letter)) };
};

const inLetters = (view: View, letters: string): Lettered => ({
  tensor: view.tensor,
  letters: view.axes.map((axis) => letters[axis]!).join(''),
});

/** Axes that `...` stands for get letters of their own. */
function expandEllipsis(terms: readonly string[], result: string | undefined, values: readonly View[]) {
  const spare = Array.from('αβγδεζηθικ').join('');
  const counts = terms.map((term, i) => (term.includes('...') ? shapeOf(values[i]!).length - (term.length - 3) : 0));
  const most = Math.max(0, ...counts);
  const filled = (term: string, count: number): string => term.replace('...', count <= 0 ? '' : spare.slice(most - count, most));
  const spelled = terms.map((term, i) => filled(term, counts[i]!));
  const all = spelled.join('');
  const once = [...new Set(all)].filter((letter) => !spare.includes(letter) && all.indexOf(letter) === all.lastIndexOf(letter));
  return { terms: spelled, result: result === undefined ? spare.slice(0, most) + once.sort().join('') : filled(result, most) };
}

function withoutLetters({ tensor, letters }: Lettered, keep: (letter: string) => boolean): Lettered {
  const gone = range(letters.length).filter((i) => !keep(letters[i]!));
  if (gone.length === 0) return { tensor, letters };
  return { tensor: tf.sum(tensor, gone), letters: Array.from(letters).filter(keep).join('') };
}

function contracted(a: Lettered, b: Lettered, later: string): Lettered {
  const left = withoutLetters(a, (letter) => b.letters.includes(letter) || later.includes(letter));
  const right = withoutLetters(b, (letter) => a.letters.includes(letter) || later.includes(letter));
  const shared = Array.from(left.letters).filter((letter) => right.letters.includes(letter));
  const batch = shared.filter((letter) => later.includes(letter));
  const inner = shared.filter((letter) => !later.includes(letter));
  const rows = Array.from(left.letters).filter((letter) => !shared.includes(letter));
  const columns = Array.from(right.letters).filter((letter) => !shared.includes(letter));
  const sides = (one: Lettered, letters: readonly string[]): number[] =>
    letters.map((letter) => one.tensor.shape[one.letters.indexOf(letter)]!);
  const order = (one: Lettered, letters: readonly string[]): tf.Tensor => {
    const view = { tensor: one.tensor, axes: Array.from(one.letters).map((letter) => letters.indexOf(letter)) };
    return stored(view, range(letters.length));
  };
  const count = sizeOf(sides(left, batch));
  const x = tf.reshape(order(left, [...batch, ...rows, ...inner]), [count, sizeOf(sides(left, rows)), sizeOf(sides(left, inner))]);
  const y = tf.reshape(order(right, [...batch, ...inner, ...columns]), [count, sizeOf(sides(right, inner)), sizeOf(sides(right, columns))]);
  const result = tf.matMul(x, y);
  return plain_(result, [...sides(left, batch), ...sides(left, rows), ...sides(right, columns)], [...batch, ...rows, ...columns].join(''));
}

const plain_ = (tensor: tf.Tensor, shape: number[], letters: string): Lettered => ({
  tensor: plain(tf.reshape(tensor, shape)).tensor,
  letters,
});
