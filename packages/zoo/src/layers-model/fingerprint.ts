import type { LayerGraph } from './graph.js';

/** 52 bits that tell models apart by what they compute, not by their names, values or training. */
export function fingerprint({ calls, output, inputShape }: LayerGraph): string {
  const described = calls.map(({ layer, inputs, outputs }) => [
    layer.getClassName(),
    layer.getConfig(),
    layer.weights.map(({ shape }) => shape),
    inputs,
    outputs,
  ]);
  return hash(JSON.stringify([inputShape, described, output], (key, value: unknown) => (IRRELEVANT.test(key) ? undefined : value)));
}

const IRRELEVANT =
  /^(name|trainable|dtype|batchInputShape|batchSize|momentum|seed|activityRegularizer|.*(Initializer|Regularizer|Constraint))$/;

/** Two rounds of FNV-1a with different primes. */
function hash(text: string): string {
  const digits = [0x01000193, 0x01000199].map((prime) => {
    let state = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), prime);
    return (state >>> 0).toString(16).padStart(8, '0');
  });
  return digits.join('').slice(0, 13);
}
