import '@tensorflow/tfjs';
import { isNetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { OPERATORS } from './operators/table.js';
import { budgetOf, ONNX_LIMITS } from './limits.js';
import { readModel } from './proto/read-model.js';
import { type NodeTest, nodeTests } from '@netspace/testing/onnx-node-tests';
import { type Known, runNodeTest } from './testing/run-node-test.js';

/** Cases that are refused, whatever is known of their inputs, by the words that say why. */
const REFUSED: readonly (readonly [why: RegExp, cases: RegExp | readonly string[]])[] = [
  [/expected real numbers in \w+, got type \d+/, /^test_cast.*(FLOAT8|FLOAT4|INT4|INT2)/],
  [/expected real numbers in \w+, got STRING/, ['test_equal_string', 'test_equal_string_broadcast']],
  [/expected dropout that is off/, /^test_training_dropout/],
  [/expected a norm that uses its statistics/, /^test_batchnorm_.*training_mode$/],
  [/expected each letter once in a term/, ['test_einsum_batch_diagonal']],
  [/expected a plain cell/, ['test_lstm_with_peepholes']],
  [/expected the largest values alone/, /^test_maxpool_with_argmax_2d_precomputed/],
  [/expected whole sizes with align_corners/, /^test_resize_downsample_scales_(linear|cubic)_align_corners$/],
  [/expected a coordinate_transformation_mode of pixels/, /^test_resize_tf_crop_and_resize/],
  [/expected resizing without antialias/, /^test_resize_downsample_.*_antialias$/],
  [/expected keep_aspect_ratio_policy stretch/, /^test_resize_.*_not_(larger|smaller)$/],
];

/** Of cases whose outputs are rounded to a few digits. */
const ROUNDED: Readonly<Record<string, number>> = { test_averagepool_2d_ceil_last_window_starts_on_pad: 1e-4 };

/** Claimed operators of which ONNX has no case that is small enough: pool.test.ts and the models of PyTorch have them. */
const WITHOUT_CASE = ['Erfc', 'GlobalLpPool', 'Mish'];

const why = (name: string): RegExp | undefined =>
  REFUSED.find(([, cases]) => (cases instanceof RegExp ? cases.test(name) : cases.includes(name)))?.[0];

/** What is wrong with a case: it is neither right nor refused as it should be. */
function problemOf(test: NodeTest): string | undefined {
  const reasons: string[] = [];
  for (const known of ['none', 'integers', 'all'] satisfies Known[]) {
    try {
      const problem = runNodeTest(test, known, ROUNDED[test.name]);
      if (problem !== undefined) return `${known} known: ${problem}`;
    } catch (error) {
      if (!isNetSpaceError(error) || error.code !== 'UNSUPPORTED') return String(error);
      reasons.push(error.message);
    }
  }
  const expected = why(test.name);
  if (expected !== undefined) return reasons.length === 3 && expected.test(reasons[2]!) ? undefined : `refused as ${reasons.join(' | ') || 'nothing'}`; // prettier-ignore
  // A shape has to be known before the network runs; no other reason keeps these from running.
  const other = reasons.find((reason) => !/: expected (a constant|sequences of equal lengths)/.test(reason));
  return reasons.length < 3 && other === undefined ? undefined : `refused as ${other ?? reasons[2]}`;
}

describe("ONNX's backend node tests", () => {
  beforeAll(() => tf.setBackend('cpu'));
  const tests = nodeTests();

  it.each(['test_[a-c]', 'test_[d-l]', 'test_[m-r]', 'test_[s-z]'])(
    '%s: outputs are those of ONNX, or the case is refused as listed',
    (part) => {
      const problems = tests
        .filter(({ name }) => new RegExp(`^${part}`).test(name))
        .flatMap((test) => {
          const problem = problemOf(test);
          return problem === undefined ? [] : [`${test.name}: ${problem}`];
        });
      expect(problems).toEqual([]);
    },
  );

  it('has a case of every operator that is claimed', () => {
    const used = new Set(tests.flatMap(({ model }) => readModel(model, budgetOf(ONNX_LIMITS)).graph.nodes.map(({ operator }) => operator)));
    expect(OPERATORS.filter((name) => !used.has(name))).toEqual(WITHOUT_CASE);
  });
});
