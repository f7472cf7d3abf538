import '@tensorflow/tfjs';
import type { Option } from '@netspace/prep/internal';
import { itRefusesMisspelt, itRefusesWrong } from '@netspace/testing/option-refusals';
import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
import { evaluationOptions } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { matchWeightsOptions } from './align/match-weights.js';
import { repairOptions } from './align/repair-statistics.js';
import { evaluateOutputsOptions } from './evaluate/evaluate-outputs.js';
import { evaluateSpaceOptions } from './evaluate/evaluate-space.js';
import * as explore from './index.js';
import { klDivergenceOptions } from './evaluate/measures/kl-divergence.js';
import { latentObjectiveOptions } from './latent/latent-objective.js';
import { optimizeLatentOptions } from './latent/optimize-latent.js';
import { outputsObjectiveOptions } from './latent/outputs-objective.js';
import { refinementOptions, refineOptions } from './latent/refine-embedding.js';
import { teacherBatchOptions } from './latent/teacher-batch.js';
import { noisyCopyOptions } from './novelty/noisy-copy.js';
import { samplePriorOptions } from './prior/sample-prior.js';
import { boundaryWalksOptions } from './walk/boundary-walks.js';
import { verdictOptions } from './verdict/verdict-of.js';
import { walkAccuraciesOptions } from './walk/walk-accuracies.js';
import { walkOptions } from './walk/walk.js';

const images = tf.zeros([1, 1]);

/** Each options object, and the least that it takes. */
const described = {
  walk: [walkOptions, {}],
  walkAccuracies: [walkAccuraciesOptions, {}],
  boundaryWalks: [boundaryWalksOptions, { pairs: 1, stops: 2 }],
  evaluateSpace: [evaluateSpaceOptions, {}],
  evaluateOutputs: [evaluateOutputsOptions, {}],
  klDivergence: [klDivergenceOptions, {}],
  latentObjective: [latentObjectiveOptions, { space: { architectures: [] }, batch: { images, teacher: images } }],
  outputsObjective: [
    outputsObjectiveOptions,
    { space: { architectures: [] }, teacher: { architecture: {}, parameters: [] }, inputs: () => images },
  ],
  optimizeLatent: [optimizeLatentOptions, { loss: () => tf.scalar(0) }],
  refineEmbedding: [refineOptions, {}],
  teacherBatch: [teacherBatchOptions, {}],
  noisyCopy: [noisyCopyOptions, { level: 0.1, seed: 0 }],
  samplePrior: [samplePriorOptions, { seed: 0 }],
  matchWeights: [matchWeightsOptions, {}],
  repairStatistics: [repairOptions, { inputs: images }],
  verdictOf: [verdictOptions, {}],
} satisfies Record<string, readonly [Option<unknown> & { readonly entries: object }, object]>;

// gammas are any finite numbers
itRefusesWrong(described, { takes: (key, value) => key === 'gammas' && Array.isArray(value) && value.every(Number.isFinite) });

const architecture = lenetLike({ width: 0.1 });
const network = { architecture, parameters: initialize(architecture.parameters, { seed: 0 }) };
const dataset = parseCifar10(new Uint8Array(2 * 3073));
const entries = [{ name: 'one', instance: network }];
const keys = (option: { readonly entries: object }): string[] => Object.keys(option.entries);
const evaluation = keys(evaluationOptions);
const nothing = {} as never; // options are looked at first

itRefusesMisspelt(
  explore,
  {
    walk: [keys(walkOptions), (o) => explore.walk(nothing, nothing, nothing, o)],
    walkAccuracies: [keys(walkAccuraciesOptions), (o) => explore.walkAccuracies(nothing, nothing, nothing, dataset, o)],
    boundaryWalks: [keys(boundaryWalksOptions), (o) => explore.boundaryWalks(nothing, entries, dataset, o)],
    evaluateSpace: [keys(evaluateSpaceOptions), (o) => explore.evaluateSpace(nothing, entries, dataset, o)],
    spaceAccuracy: [keys(evaluateSpaceOptions), (o) => explore.spaceAccuracy(nothing, entries, dataset, o)],
    evaluateOutputs: [keys(evaluateOutputsOptions), (o) => explore.evaluateOutputs(nothing, entries, dataset, o)],
    outputsObjective: [keys(outputsObjectiveOptions), explore.outputsObjective],
    klDivergence: [keys(klDivergenceOptions), (o) => explore.klDivergence(network, network, dataset, o)],
    agreement: [evaluation, (o) => explore.agreement(network, network, dataset, o)],
    accuraciesOf: [evaluation, (o) => explore.accuraciesOf([], dataset, o)],
    networkTraits: [evaluation, (o) => explore.networkTraits(network, dataset, o)],
    latentObjective: [keys(latentObjectiveOptions), explore.latentObjective],
    optimizeLatent: [keys(optimizeLatentOptions), (o) => explore.optimizeLatent(nothing, nothing, o)],
    refineEmbedding: [keys(refineOptions), (o) => explore.refineEmbedding(nothing, network, o)],
    teacherBatch: [keys(teacherBatchOptions), (o) => explore.teacherBatch(dataset, [0], network, o)],
    refinedReconstruction: [keys(refinementOptions), (o) => explore.refinedReconstruction(nothing, network, o)],
    noisyCopy: [keys(noisyCopyOptions), (o) => explore.noisyCopy(network, o)],
    fitPrior: [['kind', 'shrinkage'], (o) => explore.fitPrior(nothing, { kind: 'gaussian', ...(o as object) })],
    'fitPrior: neighbors': [['kind', 'neighbors'], (o) => explore.fitPrior(nothing, { kind: 'neighbors', ...(o as object) })],
    samplePrior: [keys(samplePriorOptions), (o) => explore.samplePrior(nothing, 1, o)],
    align: [['by', ...keys(matchWeightsOptions)], (o) => explore.align(network, network, { by: 'weights', ...(o as object) })],
    'align: activations': [
      ['by', 'inputs', 'signs'],
      (o) => explore.align(network, network, { by: 'activations', inputs: images, ...(o as object) }),
    ],
    matchWeights: [keys(matchWeightsOptions), (o) => explore.matchWeights([], [], o)],
    repairStatistics: [keys(repairOptions), (o) => explore.repairStatistics(network, network, network, o)],
    verdictOf: [keys(verdictOptions), (o) => explore.verdictOf({ instances: [], diversity: nothing, remarks: [] }, o)],
    accuracy: [evaluation, (o) => explore.accuracy(network, dataset, o)],
    predictClasses: [evaluation, (o) => explore.predictClasses(network, dataset, o)],
  },
  [
    ...['abortedSearch', 'accuracyByArchitecture', 'alignInstance', 'alignedDistance', 'boundaryPairs', 'classIdConfusion'],
    ...['collapseRemark', 'compareAccuracies', 'countConfusion', 'diversityMeter', 'evenGammas', 'groupedParameters'],
    ...[
      'interpolateEmbeddings',
      'interpolateWeights',
      'meanAndBand',
      'novelty',
      'reconstruct',
      'spearman',
      'spread',
      'summarize',
      'summarizeOutputs',
    ],
    'weightMatching',
  ],
);
