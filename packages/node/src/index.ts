export * from '@netspace/train';
export { architecturesIn, type FindArchitecture } from './architectures/architectures-in.js';
export { openZooFolder, type OpenZooFolderOptions } from './architectures/open-zoo-folder.js';
export { checkpointFile } from './files/checkpoint-file.js';
export type { FileSystem, OnFileSystem, OpenFile } from './files/file-system.js';
export { type DatasetSource, parseDatasetSpec } from './datasets/dataset-spec.js';
export type { DatasetSplit } from './datasets/dataset-split.js';
export { loadCifar10, type LoadCifar10Options } from './datasets/load-cifar10.js';
export { loadMesh, loadMeshFolder, type LoadMeshOptions, type MeshFolder, type MeshProblem } from './datasets/load-mesh.js';
export { loadMnist, type LoadMnistOptions } from './datasets/load-mnist.js';
export { loadTensors, type LoadTensorsOptions } from './datasets/load-tensors.js';
export type { TensorSource } from './datasets/tensor-spec.js';
export { loadTinyImageNet, type LoadTinyImageNetOptions } from './datasets/load-tiny-imagenet.js';
export { directoryFiles } from './files/directory-files.js';
export { s3Files, type S3FilesOptions } from './files/s3/s3-files.js';
export { fileHandler, registerFileHandler } from './files/file-handler.js';
export { metricsFile, readMetrics } from './metrics/metrics-file.js';
export { allSinks, summaryWriter, type SummaryWriter, tensorBoard } from './metrics/tensorboard.js';
export { keptJson } from './runs/kept-json.js';
export { commitOf, type MachineFacts, machineFacts } from './runs/machine.js';
export { makePart, makeParts, type MakePartsOptions, type Part, type Phases } from './runs/make-parts.js';
export { type Progress, progressLines, type ProgressLinesOptions } from './runs/progress.js';
export { type FinishRun, readRunRecord, type RunRecord, startRunRecord, type StartRunRecordOptions } from './runs/run-record.js';
export { plainSettings, settingsHash } from './runs/settings-hash.js';
export { secondsCovered, type Span } from './runs/spans.js';
export { stageClock, type StageTime, stopwatch } from './runs/stage-clock.js';
export {
  type FolderStep,
  type Measurements,
  trainInFolder,
  type TrainInFolderOptions,
  type TrainingResult,
  type TrainingWatch,
} from './runs/train-in-folder.js';
export {
  type CurvePoint,
  spaceRunFolder,
  type SpaceRun,
  type TrainedSpace,
  trainOrLoadSpace,
  type TrainOrLoadSpaceOptions,
} from './runs/train-or-load.js';
export { type ZooInFolder, zooInFolder, type ZooInFolderOptions } from './runs/zoo-in-folder.js';
export { doctor, type DoctorOptions } from './runtime/doctor/doctor.js';
export { installNativeRuntime, type InstallNativeRuntimeOptions, type NativeRuntime } from './runtime/provision/install.js';
export type { InstallProgress, InstallStage } from './runtime/provision/progress.js';
export { removeNativeRuntime } from './runtime/provision/remove.js';
export { recommendedEnvironment } from './runtime/process/recommended-environment.js';
export { respawnForSpeed } from './runtime/process/respawn.js';
export { RUNTIME_NAMES, type RuntimeFacts, type RuntimeName, type RuntimeProblem, type RuntimeReport } from './runtime/runtime.js';
export { type RejectedRuntime, type SelectedRuntime, selectRuntime, type SelectRuntimeOptions } from './runtime/select-runtime.js';
export { enableRelaxedSimd } from './runtime/wasm-threads/enable-relaxed-simd.js';
export { enableWasmThreads, type EnableWasmThreadsOptions } from './runtime/wasm-threads/enable-wasm-threads.js';
