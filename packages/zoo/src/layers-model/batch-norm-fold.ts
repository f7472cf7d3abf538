import type { LayerCall, LayerGraph } from './graph.js';

/** Which batch norms can be folded: from the call of the norm to the call of the layer before it. */
type Folds = ReadonlyMap<LayerCall, LayerCall>;

/**
 * Finds the batch norms that directly follow a convolution or dense layer and change nothing else.
 *
 * The layer has no activation, nobody else reads its output, each of the two is called once, and the norm's axis is the
 * layer's output channel.
 */
export function findFolds({ calls, output }: LayerGraph): Folds {
  const readers = countReaders(calls, output);
  const callsOf = (layer: object): number => calls.filter((call) => call.layer === layer).length;
  return new Map(
    calls.filter(isBatchNorm).flatMap((norm) => {
      const before = calls.find(({ outputs }) => outputs.includes(norm.inputs[0]!));
      if (before === undefined || readers.get(norm.inputs[0]!) !== 1) return [];
      if (callsOf(norm.layer) > 1 || callsOf(before.layer) > 1 || !FOLDABLE.has(before.layer.getClassName())) return [];
      const { activation, dataFormat } = before.layer.getConfig();
      const channelAxis = dataFormat === 'channelsFirst' ? 1 : before.outputShape.length - 1;
      return activation === 'linear' && normAxis(norm) === channelAxis ? [[norm, before]] : [];
    }),
  );
}

export const isBatchNorm = ({ layer }: LayerCall): boolean => layer.getClassName() === 'BatchNormalization';

/** The axis that a batch norm leaves, counted from the front. */
export function normAxis({ layer, outputShape }: LayerCall): number {
  const axis = Number(layer.getConfig()['axis']);
  return axis < 0 ? axis + outputShape.length : axis;
}

/** Their kernels' last axis is the output channel. */
const FOLDABLE = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D']);

function countReaders(calls: readonly LayerCall[], output: number): ReadonlyMap<number, number> {
  const readers = new Map([[output, 1]]);
  for (const slot of calls.flatMap(({ inputs }) => inputs)) readers.set(slot, (readers.get(slot) ?? 0) + 1);
  return readers;
}
