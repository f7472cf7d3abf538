import { accuracyByArchitecture, compareAccuracies, evaluateSpace, type EvaluatedInstance, type SpaceEvaluation } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';

import { predictedChart } from './results/charts.js';
import type { Context, Experiment, Outcome, Scale } from './experiment.js';
import { gradedArchitectures, type GradedArchitecturesConfig } from './graded/graded-architectures.js';
import { gradedZoo } from './graded/graded-zoo.js';
import { imagesOf } from './images.js';
import { shortName } from './results/short-name.js';

/** A space to be shipped, of several architectures' networks from poor to good. */
export interface PretrainedSpaceConfig {
  readonly space: GradedArchitecturesConfig;
  /** How many test images results are measured on. */
  readonly testImages: number;
}

/** An experiment that trains a space to be shipped and measures what it makes of networks that it never saw. */
export const pretrainedSpace = (
  name: string,
  question: string,
  configs: Readonly<Record<Scale, PretrainedSpaceConfig>>,
): Experiment<PretrainedSpaceConfig> => ({
  ...{ name, question, configs },
  parts: ({ space }) => [
    [...space.zoos].reverse().map((zoo) => ({
      name: `zoo ${zoo.name}`,
      make: async (context: Context) =>
        gradedZoo(context, zoo, { splits: await imagesOf(space.data), batch: space.training.batch?.nets ?? 1 }),
    })),
  ],
  async run(config, context) {
    const { space, known, heldOut, splits, curve } = await gradedArchitectures(context, config.space, { name });
    const { signal } = context;
    const test = thinDataset(splits.test, config.testImages);
    const evaluation = await evaluateSpace(space, heldOut, test, { signal });
    const architectures = accuracyByArchitecture(space, evaluation.instances).map((row) => {
      const { spearman, difference } = compareAccuracies(ofArchitecture(evaluation.instances, row.architecture));
      return { ...row, spearman, difference };
    });
    space.dispose();
    const { summary, instances, remarks } = evaluation;
    return {
      results: {
        knownCount: known.length,
        known: known.map(({ record }) => record.name),
        summary,
        architectures,
        instances,
        remarks,
        curve,
      },
      figures: [predicted(evaluation)],
      thresholds: thresholds(evaluation, architectures),
    };
  },
});

function thresholds(
  { summary }: SpaceEvaluation,
  architectures: readonly { readonly architecture: string; readonly spearman: number }[],
): Outcome['thresholds'] {
  return [
    { what: 'share of held-out networks whose ClassId is read right', value: summary.classIdAccuracy, atLeast: 1 },
    { what: 'mean difference of accuracy, held-out networks, test images', value: summary.meanAccuracyDifference, atMost: 0.04 },
    ...architectures.map(({ architecture, spearman }) => ({
      ...{ what: `order of held-out networks by accuracy (Spearman), ${shortName(architecture)}`, value: spearman, atLeast: 0.9 },
    })),
  ];
}

const predicted = ({ instances }: SpaceEvaluation) =>
  predictedChart(
    'predicted',
    'Held-out networks, encoded and decoded again: accuracy on test images',
    [...new Set(instances.map(({ architecture }) => architecture))].map((name) => ({
      name: shortName(name),
      accuracy: { instances: ofArchitecture(instances, name) },
    })),
  );

const ofArchitecture = (instances: readonly EvaluatedInstance[], name: string): readonly EvaluatedInstance[] =>
  instances.filter(({ architecture }) => architecture === name);
