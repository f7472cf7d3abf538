import type { ReportData, ReportSection, XySeries } from '@netspace/report';

import { LENGTHS } from './digits-zoo.js';
import { headline } from './headline.js';
import { type DemoData, percent, points, shortName } from './report-data.js';
import type { ClassifierResults, DigitsWalk, WalkStop } from './results.js';
import { REFINEMENT, ZOO } from './settings.js';
import { shapeSections } from './shape-sections.js';

/** The page of `npm run demo`: everything on it was measured in the run that wrote it. */
export function demoReport(data: DemoData): ReportData {
  const { seconds, digits, shapes } = data;
  return {
    title: 'A space of networks, learned and walked through',
    subtitle: `${digits.zoo.length} digit classifiers and ${shapes.shapes.length} shapes, in ${Math.round(seconds)} seconds`,
    headline: headline(data),
    sections: [
      zooSection(digits),
      trainingSection(digits),
      predictedSection(data),
      ...walkSections(digits),
      searchSection(digits),
      ...shapeSections(shapes),
    ],
    provenance: {
      runtime: digits.runtime,
      seconds,
      steps: digits.steps,
      'steps (shapes)': shapes.steps,
      shapes: shapes.source,
      ...digits.seconds,
    },
  };
}

const zooSection = ({ zoo, architectures }: ClassifierResults): ReportSection => ({
  title: 'The zoo',
  text: [
    `${zoo.length} classifiers of MNIST digits, each from initial values of its own, trained for ${LENGTHS[0]} to ${LENGTHS.at(-1)} steps. Every fifth network is held out: the space never learns from it. Networks that are right for fewer than ${percent(ZOO.floor)} of the digits are left out.`,
    `ClassIds follow the number of parameters: ${architectures.map(({ name, parameters }, id) => `${id} is ${name} (${parameters} parameters)`).join('; ')}.`,
  ],
  figures: [
    {
      kind: 'chart',
      chart: 'scatter',
      title: 'Accuracy by length of training',
      x: { label: 'optimizer steps', format: 'integer' },
      y: { label: 'test accuracy', format: 'percent', min: 0, max: 1 },
      series: architectures.map(({ name }) => ({
        name,
        points: zoo.filter((member) => member.name.startsWith(`${name}-`)).map(({ steps, accuracy }) => [steps, accuracy] as const),
      })),
    },
  ],
});

const trainingSection = ({ training, steps }: ClassifierResults): ReportSection => ({
  title: 'Learning the space',
  text: [
    `${steps} steps of Adam. Each network has an embedding of its own, which is learned with the decoder. What the decoder gives is moved along fixed random directions, one for each number of the embedding.`,
    'Each predicted network imitates its target on a batch of digits (distillation), and should be right as often as its target (accuracy gap). The ClassId, the number of the architecture, is computed from the embedding. These terms with their weights add up to the loss. The encoder learns beside them to find the embeddings; its term is the share of their variance that it misses.',
  ],
  figures: [
    {
      kind: 'chart',
      chart: 'line',
      title: 'Losses',
      wide: true,
      x: { label: 'step', format: 'integer' },
      y: { label: 'loss, nats (encoder: share)', scale: 'log' },
      series: ['loss', 'distillation', 'accuracyGap', 'classId', 'encoder'].map((term) => ({
        name: term,
        points: training.filter(({ losses }) => (losses[term] ?? 0) > 0).map(({ step, losses }) => [step, losses[term]!] as const),
      })),
    },
  ],
});

function predictedSection({ digits, summary }: DemoData): ReportSection {
  const { evaluation, encoded, heldOut, pictures } = digits;
  const recognizedAs = new Map(encoded.instances.map(({ name, predictedClassId }) => [name, predictedClassId]));
  const pointsOf = (wanted: boolean): XySeries['points'] =>
    evaluation.instances
      .filter(({ name }) => heldOut.includes(name) === wanted)
      .map(({ targetAccuracy, predictedAccuracy }) => [targetAccuracy, predictedAccuracy] as const);
  return {
    title: 'Found in the space and decoded again',
    text: [
      'Each network was decoded from one vector, its embedding. A point on the diagonal is a predicted network that is right as often as its target. Agreement is the share of test digits for which both give the same answer.',
      `Networks in training have the embeddings that training found. Those of held-out networks are refined: each starts at the known network that answers most like it on ${REFINEMENT.comparedOn} training digits, and moves for ${REFINEMENT.steps} steps until what it decodes to answers as the held-out network does, on training digits too. The space does not change.`,
      `Without refinement, from what the encoder says in one pass, held-out networks are ${points(summary.encoded.meanAbsoluteDifference)} off, with an agreement of ${percent(summary.encoded.meanAgreement)}. Without the space, the most similar known network is ${points(summary.mostAlike.meanAbsoluteDifference)} off, with an agreement of ${percent(summary.mostAlike.meanAgreement)}.`,
    ],
    figures: [
      {
        kind: 'chart',
        chart: 'scatter',
        title: 'Predicted against target accuracy',
        diagonal: true,
        x: { label: 'target', format: 'percent', min: 0, max: 1 },
        y: { label: 'predicted', format: 'percent', min: 0, max: 1 },
        series: [
          { name: 'in training', points: pointsOf(false) },
          { name: 'held out', points: pointsOf(true) },
        ],
      },
      {
        kind: 'table',
        title: 'Held-out networks',
        columns: [
          { label: 'network' },
          { label: 'ClassId' },
          { label: 'encoder says' },
          { label: 'target', format: 'percent' },
          { label: 'predicted', format: 'percent' },
          { label: 'agreement', format: 'percent' },
        ],
        rows: summary.heldOut.map((row) => [
          shortName(row.name),
          row.classId,
          recognizedAs.get(row.name)!,
          row.targetAccuracy,
          row.predictedAccuracy,
          row.agreement,
        ]),
      },
      {
        kind: 'pictures',
        layout: 'rows',
        title: 'Parameters as pictures (PReps)',
        caption: `Blue is negative, red is positive, gray is padding. A predicted network has other weights than its target; held-out networks and their targets still give the same answer for ${percent(summary.meanAgreement)} of the test digits (${percent(summary.chanceAgreement)} would be chance for networks that are right equally often, but for other digits).`,
        pictures: pictures.map(({ title, note, width, height, data }) => ({
          title: shortName(title),
          note,
          picture: { width, height, data },
        })),
      },
    ],
  };
}

function walkSections({ weakToStrong, betweenArchitectures, architectures }: ClassifierResults): ReportSection[] {
  const line = ({ stops }: DigitsWalk): XySeries['points'] => stops.map(({ gamma, accuracy }) => [gamma, accuracy] as const);
  const axes = { x: { label: 'γ' }, y: { label: 'test accuracy', format: 'percent', min: 0, max: 1 } } as const;
  return [
    {
      title: 'From a weak network to a strong one',
      text: [
        'A straight line through the space, between the embeddings of two networks that it learned from, compared with the straight line between the weights themselves.',
        endsOf(weakToStrong),
      ],
      figures: [
        {
          ...{ kind: 'chart', chart: 'line', wide: true, ...axes },
          series: [
            { name: 'through the space', points: line(weakToStrong) },
            {
              name: 'average of the weights',
              dashed: true,
              points: weakToStrong.stops.map(({ gamma, weightAverageAccuracy }) => [gamma, weightAverageAccuracy ?? 0] as const),
            },
          ],
        },
      ],
    },
    {
      title: 'From one architecture to another',
      text: ['Weights of two architectures cannot be averaged at all.', endsOf(betweenArchitectures)],
      figures: [
        {
          ...{ kind: 'chart', chart: 'line', title: 'Accuracy on the way', ...axes },
          series: [{ name: 'through the space', points: line(betweenArchitectures) }],
        },
        {
          kind: 'table',
          title: 'What the class head says',
          columns: [{ label: 'γ' }, { label: 'architecture' }, { label: 'accuracy', format: 'percent' }],
          rows: betweenArchitectures.stops.map(({ gamma, classId, accuracy }) => [gamma, architectures[classId]!.name, accuracy]),
        },
      ],
    },
  ];
}

/** Both ends: the network and its predicted network. */
function endsOf({ from, to, stops }: DigitsWalk): string {
  const end = ({ name, accuracy }: DigitsWalk['from'], stop: WalkStop): string =>
    `${shortName(name).replace(/, (.*)$/, ' ($1)')} is right for ${percent(accuracy)} of the test digits, its predicted network for ${percent(stop.accuracy)}`;
  return `The start (γ = 0): ${end(from, stops[0]!)}. The end (γ = 1): ${end(to, stops.at(-1)!)}.`;
}

const searchSection = ({ search }: ClassifierResults): ReportSection => ({
  title: 'Optimizing the vector instead of the weights',
  text: `Latent space optimization: the decoder is frozen, and Adam moves the embedding of a network (${shortName(search.start)}) until the decoded network answers like another one, the teacher (${shortName(search.teacher)}, ${percent(search.teacherAccuracy)} of the test digits right). Accuracy is ${percent(search.before)} before and ${percent(search.after)} after.`,
  figures: [
    {
      ...{ kind: 'chart', chart: 'line', wide: true },
      x: { label: 'step', format: 'integer' },
      y: { label: 'loss, nats' },
      series: [{ name: 'L_kd + L_class', points: search.losses.map((loss, step) => [step, loss] as const) }],
    },
  ],
});
