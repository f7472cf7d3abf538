import { isBuiltIn } from '../graph/built-in.js';
import type { Layer, LayerCall, LayerGraph } from '../graph/graph.js';

/** Which batch norms can be folded: from the norm to the layer before it. */
export type Folds = ReadonlyMap<Layer, Layer>;

/**
 * Finds the batch norms that directly follow a convolution or dense layer and change nothing else.
 *
 * The layer has no activation, nobody else reads its output, each of the two runs once, and the norm's axis is the layer's output channel.
 *
 * @param uses in how many calls a layer runs, those inside other layers included
 */
export function findFolds({ calls, outputs: ends }: LayerGraph, uses: (layer: Layer) => number): Folds {
  const readers = countReaders(calls, ends);
  return new Map(
    calls
      .filter(({ layer }) => isBatchNorm(layer))
      .flatMap((norm): [Layer, Layer][] => {
        const before = calls.find(({ outputs }) => outputs.includes(norm.inputs[0]!));
        if (before === undefined || readers.get(norm.inputs[0]!) !== 1) return [];
        if (uses(norm.layer) > 1 || uses(before.layer) > 1) return [];
        if (!isBuiltIn(before.layer) || !FOLDABLE.has(before.layer.getClassName())) return [];
        const { activation, dataFormat } = before.layer.getConfig();
        const rank = before.outputShape.length;
        const channelAxis = dataFormat === 'channelsFirst' ? 1 : rank - 1;
        return activation === 'linear' && normAxis(norm.layer, rank) === channelAxis ? [[norm.layer, before.layer]] : [];
      }),
  );
}

export const isBatchNorm = (layer: Layer): boolean => layer.getClassName() === 'BatchNormalization' && isBuiltIn(layer);

/** The axis that a batch norm leaves, counted from the front. */
export function normAxis(layer: Layer, rank: number): number {
  const axis = Number(layer.getConfig()['axis']);
  return axis < 0 ? axis + rank : axis;
}

/** Their kernels' last axis is the output channel. */
const FOLDABLE = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D']);

function countReaders(calls: readonly LayerCall[], ends: readonly number[]): ReadonlyMap<number, number> {
  const readers = new Map<number, number>();
  for (const slot of [...ends, ...calls.flatMap(({ inputs }) => inputs)]) readers.set(slot, (readers.get(slot) ?? 0) + 1);
  return readers;
}
