export { PURPOSES } from './architecture.js';
export { checkParts } from './tensors/joined-inputs.js';
export { instanceOfOutput, ofOutput, refuseSeveralOutputs, withAllOutputs } from './tensors/of-output.js';
export { checkAlive, checkBackend, checkBytes, checkInstance, checkInstances, equal } from './checks/assert.js';
export { chunksOf, collectBytes } from './chunks-of.js';
export { toTensorOrder, toTorchOrder } from './codec/axis-order.js';
export { packInstances, usedRowsOf } from './codec/batch.js';
export { neededHeight } from './codec/prep-shape.js';
export { unstack } from './codec/unstack.js';
export { diverged } from './checks/divergence.js';
export { guardOf } from './checks/guard.js';
export { hashOf } from './hash.js';
export {
  checkFiniteInstances,
  checkFiniteTensors,
  findNonFinite,
  firstNonFinite,
  namedParameters,
  type NamedTensor,
  type NonFinite,
  placeOf,
  refuseNonFinite,
  zeroIfFinite,
} from './checks/non-finite.js';
export { variableGrads } from './tensors/variable-grads.js';
export { joinBytes } from './join-bytes.js';
export { nextTask } from './next-task.js';
export { parseJson } from './options/parse-json.js';
export { leakyReluGradient } from './tensors/leaky-relu-gradient.js';
export {
  abortSignal,
  anything,
  architecture,
  architectures,
  classIds,
  count,
  decay,
  finite,
  flag,
  functionOf,
  instance,
  instances,
  limitsOf,
  nonNegative,
  numberOf,
  positive,
  prepShape,
  seed,
  share,
  tensor,
  text,
  thing,
  whole,
} from './options/option-kinds.js';
export {
  asGiven,
  byKind,
  choose,
  extended,
  translated,
  forbidden,
  type GivenBy,
  type GivenEntries,
  listOf,
  objectOf,
  type ObjectOption,
  oneOf,
  type Option,
  optional,
  parseOptions,
  refuseOptions,
  refuseOther,
  refuseUnknown,
  nearestWord,
  show,
  type UsedBy,
  type UsedEntries,
  valueOf,
  withDefault,
} from './options/options.js';
export { type ChannelAxes, channelAxes } from './permutation/channel-axes.js';
export { changedInstance } from './permutation/prep-symmetry.js';
export { normalStream, randomPermutation, randomStream } from './random.js';
export { describeSymmetries } from './symmetry/describe.js';
export { interceptKernels, type Inputs, type RunKernel } from './symmetry/intercept-kernels.js';
export { type LabeledRun, runOnLabels } from './symmetry/run-on-labels.js';
export type { LayerSums } from './symmetry/label.js';
export { addSymmetriesLazily } from './symmetry/lazy-symmetries.js';
