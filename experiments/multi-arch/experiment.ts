import { accuracy, accuracyByArchitecture, boundaryWalks, evaluateSpace } from '@netspace/explore';
import type { TrainedSpace } from '@netspace/node';
import { thinDataset, type ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import { architectureSpace, type Variant } from '../shared/architecture-space.js';
import type { Context, Experiment, Outcome, Part, Phases, Threshold } from '../shared/experiment.js';
import { quickLook } from '../shared/quick-look.js';
import { configs, type Ablation, type MultiArchConfig } from './config.js';
import { figures, type MeasuredForm } from './figures.js';
import { learnMultiArch, learnSpace, multiArchZoo, type LearnedMultiArch, type MultiArchZoo } from './learned.js';
import { lookAt } from './look.js';

const VARIANTS: Readonly<Record<Ablation, Variant>> = {
  'no-interpolation-loss': { interpolation: false },
  'no-distillation': { distillation: false },
};

/** Not the paper's: each architecture in its own units, every embedding decoding to its best network at first. */
const FROM_THE_BEST = 'from-the-best';

type Look = Readonly<Record<string, number>>;

/** Fig. 5, left and center: one space of four architectures. */
export const experiment: Experiment<MultiArchConfig> = {
  name: 'multi-arch',
  question: 'Does one space hold networks of four architectures, and does the line from the smallest to the largest pass through all?',
  configs,
  parts,
  run,
};

function parts(whole: MultiArchConfig): Phases {
  const part = (name: string, learn: (zoo: MultiArchZoo, config: MultiArchConfig, context: Context) => Promise<TrainedSpace>): Part => ({
    name,
    async make(context) {
      const config = quickLook(whole, context);
      const { space } = await learn(await multiArchZoo(config, context), config, context);
      space.dispose();
    },
  });
  return [
    [{ name: 'zoo', make: (context) => multiArchZoo(whole, context) }],
    [part('paper', learnSpace), part(FROM_THE_BEST, learnFromTheBest), ...whole.ablations.map((name) => part(name, ablationOf(name)))],
  ];
}

async function run(whole: MultiArchConfig, context: Context): Promise<Outcome> {
  const config = quickLook(whole, context);
  const learned = await learnMultiArch(config, context);
  const { images, few, zoo, trained } = learned;
  const fromTheBest = await learnFromTheBest(learned, config, context);

  const test = thinDataset(images.test, config.testImages);
  const teacherAccuracy = await accuracy(zoo.teacher.instance, test);
  const paper = await measure(trained, { learned, config, context, test });
  const second = await measure(fromTheBest, { learned, config, context, test });
  const atEqualSteps = {
    paper: lookAfter(trained, config, context),
    [FROM_THE_BEST]: lookAfter(fromTheBest, config, context),
    ...(await ablations(learned, config, context)),
  };

  const results = {
    teacher: { name: zoo.teacher.name, accuracy: teacherAccuracy },
    zoo: { known: zoo.known.length, heldOut: zoo.heldOut.length },
    ...paper,
    fromTheBest: second,
    ablations: { steps: config.ablationSteps, images: few.count, compared: atEqualSteps },
  };
  return {
    results,
    figures: figures({ paper, fromTheBest: second, teacherAccuracy, compared: atEqualSteps }),
    thresholds: [...thresholds('', paper), ...thresholds(', from the best', second)],
  };
}

interface Measuring {
  readonly learned: LearnedMultiArch;
  readonly config: MultiArchConfig;
  readonly context: Context;
  /** What predicted networks are measured on; walks have the few images of every look. */
  readonly test: ImageDataset;
}

/** What a space makes of held-out networks and of what lies between them; frees it. */
async function measure({ space, folder, curve }: TrainedSpace, { learned: { zoo, few }, config, context, test }: Measuring) {
  context.log(`multi-arch: a space is in ${folder}`);
  const { instances } = await evaluateSpace(space, zoo.heldOut, test, { signal: context.signal });
  const architectures = accuracyByArchitecture(space, instances);
  const walks = await boundaryWalks(space, zoo.heldOut, few, config.walks);
  space.dispose();
  return { architectures, walks, instances, curve };
}

const thresholds = (form: string, { architectures, walks }: Pick<MeasuredForm, 'architectures' | 'walks'>): readonly Threshold[] => [
  { what: `ClassId of held-out instances right${form}`, value: mean(architectures.map(({ classIdRight }) => classIdRight)), atLeast: 1 },
  { what: `walks from the smallest to the largest architecture that pass through all in order${form}`, value: walks.inOrder, atLeast: 1 },
];

/** A space as it was after as many steps as the ablations have. */
function lookAfter({ curve }: TrainedSpace, { ablationSteps }: MultiArchConfig, { stepsLimit = Infinity }: Context) {
  const reached = Math.min(ablationSteps, stepsLimit);
  return curve.find(({ step }) => step === reached) ?? {};
}

const learnFromTheBest = (zoo: MultiArchZoo, config: MultiArchConfig, context: Context): Promise<TrainedSpace> =>
  learnSpace(zoo, config, context, { name: `multi-arch-${FROM_THE_BEST}`, variant: { fromTheBest: true } });

/** The paper's form without a part of its loss. */
const ablationOf =
  (name: Ablation) =>
  ({ images, zoo }: MultiArchZoo, { space: config, ablationSteps: steps }: MultiArchConfig, context: Context): Promise<TrainedSpace> =>
    architectureSpace(context, { name: `multi-arch-${name}`, config, zoo, images: images.train, steps, variant: VARIANTS[name] });

async function ablations(learned: MultiArchZoo, config: MultiArchConfig, context: Context): Promise<Readonly<Record<string, Look>>> {
  const { few, zoo } = learned;
  const compared: Record<string, Look> = {};
  for (const name of config.ablations) {
    const { space } = await ablationOf(name)(learned, config, context);
    compared[name] = await lookAt(space, { ...config.walks, heldOut: zoo.heldOut, images: few, signal: context.signal });
    space.dispose();
  }
  return compared;
}
