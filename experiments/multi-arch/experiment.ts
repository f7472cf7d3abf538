import { accuracy } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import { architectureAccuracies } from '../shared/architecture-accuracy.js';
import { architectureSpace, type Variant } from '../shared/architecture-space.js';
import { architectureWalks } from '../shared/architecture-walks.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { quickLook } from '../shared/quick-look.js';
import { configs, type Ablation, type MultiArchConfig } from './config.js';
import { figures } from './figures.js';
import { learnMultiArch, type LearnedMultiArch } from './learned.js';
import { lookAt } from './look.js';

const VARIANTS: Readonly<Record<Ablation, Variant>> = {
  'no-interpolation-loss': { interpolation: false },
  'no-distillation': { distillation: false },
};

/** Fig. 5, left and centre: one space of four architectures. */
export const experiment: Experiment<MultiArchConfig> = {
  name: 'multi-arch',
  question: 'Does one space hold networks of four architectures, and does the line from the smallest to the largest pass through all?',
  configs,
  run,
};

async function run(whole: MultiArchConfig, context: Context): Promise<Outcome> {
  const config = quickLook(whole, context);
  const learned = await learnMultiArch(config, context);
  const { images, few, zoo, trained } = learned;
  const { space, folder, curve } = trained;
  context.log(`multi-arch: the space is in ${folder}`);

  const test = thinDataset(images.test, config.testImages);
  const teacherAccuracy = await accuracy(zoo.teacher.instance, test);
  const { instances, architectures } = await architectureAccuracies(context, space, zoo.heldOut, test);
  const walks = await architectureWalks(space, zoo.heldOut, { ...config.walks, images: few });
  space.dispose();
  const compared = await comparedWithAblations(learned, config, context);

  const results = {
    teacher: { name: zoo.teacher.name, accuracy: teacherAccuracy },
    zoo: { known: zoo.known.length, heldOut: zoo.heldOut.length },
    ...{ architectures, walks, ablations: { steps: config.ablationSteps, images: few.count, compared }, instances, curve },
  };
  return {
    results,
    figures: figures({ architectures, teacherAccuracy, walks, compared }),
    thresholds: [
      { what: 'ClassId of held-out instances right', value: mean(architectures.map(({ classIdRight }) => classIdRight)), atLeast: 1 },
      { what: 'walks from the smallest to the largest architecture that pass through all in order', value: walks.inOrder, atLeast: 1 },
    ],
  };
}

/** The paper's form as it was after as many steps as the ablations have, beside them. */
async function comparedWithAblations(
  { images, few, zoo, trained }: LearnedMultiArch,
  { space: config, ablationSteps: steps, ablations, walks }: MultiArchConfig,
  context: Context,
): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> {
  const reached = Math.min(steps, context.stepsLimit ?? Infinity);
  const compared: Record<string, Readonly<Record<string, number>>> = { paper: trained.curve.find(({ step }) => step === reached) ?? {} };
  for (const name of ablations) {
    const settings = { name: `multi-arch-${name}`, config, zoo, images: images.train, steps, variant: VARIANTS[name] };
    const { space } = await architectureSpace(context, settings);
    compared[name] = await lookAt(space, { ...walks, heldOut: zoo.heldOut, images: few, signal: context.signal });
    space.dispose();
  }
  return compared;
}
