export { evenlySpread } from './datasets/evenly-spread.js';
export { wideImageBatch } from './datasets/image-batch.js';
export { datasetFromTensorsOptions } from './datasets/tensors/dataset-from-tensors.js';
export { checkInputs } from './datasets/tensors/check-inputs.js';
export { anyDataset, imageDataset, labeledDataset, tensorDataset } from './datasets/dataset-kinds.js';
export { inputsOf, labeledBatch } from './datasets/tensors/tensor-batch.js';
export { isLabeled, isTensorDataset, sameInputs } from './datasets/tensors/tensor-dataset.js';
export { normalStream, randomPermutation, randomStream } from './datasets/random.js';
export { openCatalog, type Catalog } from './store/catalog.js';
export { draftOf } from './store/instance-store.js';
export { instanceStoreOptions } from './store/instance-store.js';
export { isDraftRecord, isInstanceName } from './store/instance-record.js';
export type { Draft } from './store/log/append.js';
export { LOG_LIMITS } from './store/log/log-limits.js';
export { shorter } from './store/files/store-files.js';
export { MANIFEST_LIMITS } from './store/store-manifest.js';
export { matches } from './measure/accuracy.js';
export { sha256 } from './store/files/sha256.js';
export { seenTargets } from './measure/predict-outputs.js';
export { batchesOf, evaluationOptions, logitsOf, seenLabels } from './measure/predict-classes.js';
export { classifierLayers, LEAKY_SLOPE, type LayerGraph } from './architectures/classifier-layers.js';
export { kerasModel } from './keras/keras-model.js';
export { kerasTopology } from './keras/keras-topology.js';
export { wideImages } from './layers/wide-layers.js';
export { defineArchitecture, type Network } from './layers/network.js';
export { convolutionSpecs, flattenChannelsFirst, linearSpecs } from './layers/layers.js';
export {
  architectureFromModelFile,
  architectureFromModelJson,
  isModelName,
  modelFileOf,
  type ModelReading,
} from './layers-model/model-file.js';
export { checkModelFiles, modelFiles } from './layers-model/model-files.js';
export { withLimitedWeights } from './layers-model/limited-weights.js';
