export { accuracy } from './accuracy.js';
export { agreement } from './agreement.js';
export { classIdConfusion, type ClassIdConfusion } from './class-id-confusion.js';
export { encodePng } from './encode-png.js';
export {
  evaluateSpace,
  type EvaluatedInstance,
  type EvaluateSpaceOptions,
  type SpaceEntry,
  type SpaceEvaluation,
} from './evaluate-space.js';
export { fitPrior, type GaussianPriorOptions, type NeighboursPriorOptions, type PriorOptions } from './fit-prior.js';
export { evenGammas, interpolateEmbeddings } from './interpolate.js';
export { interpolateWeights } from './interpolate-weights.js';
export { klDivergence, type KlDivergenceOptions } from './kl-divergence.js';
export { latentObjective, type LatentBatch, type LatentObjectiveOptions } from './latent-objective.js';
export { meshFrame, type MeshFrame } from './mesh-frame.js';
export type { CameraAngles } from './mesh-camera.js';
export {
  abortedSearch,
  optimizeLatent,
  type LatentObjective,
  type LatentPoint,
  type LatentSearch,
  type OptimizeLatentOptions,
} from './optimize-latent.js';
export { predictClasses, type EvaluationOptions } from './predict-classes.js';
export type { Picture, Rgb } from './picture.js';
export { prepPicture, type PRepPictureOptions } from './prep-picture.js';
export type { GaussianPrior, NeighboursPrior, Prior } from './prior.js';
export { renderMesh, type RenderMeshOptions } from './render-mesh.js';
export { samplePrior, type SamplePriorOptions } from './sample-prior.js';
export type { SpaceSummary } from './summarise.js';
export { walk, type Walk, type WalkOptions } from './walk.js';
export { evaluateSdf, type EvaluateSdfOptions, type SdfField } from './evaluate-sdf.js';
export { extractMesh, type ExtractMeshOptions } from './extract-mesh.js';
export { meshPlausibility, type MeshPlausibility } from './mesh-plausibility.js';
export { occupancyIou, type OccupancyIouOptions } from './occupancy-iou.js';
export { sdfMse } from './sdf-mse.js';
