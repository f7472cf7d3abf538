import type { ReportData, ReportSection, XySeries } from '@netspace/report';

import type { ClassifierResults, PlainMesh, ShapeResults, WalkStop } from './results.js';

interface DemoData {
  readonly seconds: number;
  readonly digits: ClassifierResults;
  readonly shapes: ShapeResults;
}

const percent = (value: number): string => `${Math.round(100 * value)} %`;

/** The page of `npm run demo`: everything on it was measured in the run that wrote it. */
export function demoReport({ seconds, digits, shapes }: DemoData): ReportData {
  const heldOut = digits.evaluation.instances.filter(({ name }) => digits.heldOut.includes(name));
  const right = heldOut.filter(({ classId, predictedClassId }) => classId === predictedClassId).length;
  const meanIou = shapes.shapes.reduce((sum, { iou }) => sum + iou, 0) / shapes.shapes.length;
  const gap =
    heldOut.reduce((sum, { targetAccuracy, predictedAccuracy }) => sum + Math.abs(targetAccuracy - predictedAccuracy), 0) / heldOut.length;
  return {
    title: 'A space of networks, learned and walked through',
    subtitle: `${digits.zoo.length} digit classifiers and ${shapes.shapes.length} shapes, in ${Math.round(seconds)} seconds`,
    headline: [
      { label: 'held-out ClassIds read right', value: `${right} of ${heldOut.length}` },
      { label: 'from target to predicted accuracy', value: `${(100 * gap).toFixed(1)} points`, note: 'mean over held-out networks' },
      { label: 'latent space optimization', value: `${percent(digits.search.before)} → ${percent(digits.search.after)}` },
      { label: 'shapes rebuilt', value: meanIou.toFixed(2), note: 'mean IoU with the target' },
    ],
    sections: [
      zooSection(digits),
      trainingSection(digits),
      predictedSection(digits),
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
    `${zoo.length} classifiers of MNIST digits, each from initial values of its own, trained for 8 to 200 steps. Every fifth is held out: the space never sees it.`,
    `ClassIds follow the number of parameters: ${architectures.map(({ name, parameters, inZoo }, id) => `${id} is ${name} (${parameters} parameters${inZoo ? '' : ', no instance in the zoo'})`).join('; ')}.`,
  ],
  figures: [
    {
      kind: 'chart',
      chart: 'scatter',
      title: 'Accuracy by length of training',
      x: { label: 'optimizer steps', format: 'integer' },
      y: { label: 'test accuracy', format: 'percent', min: 0, max: 1 },
      series: architectures
        .filter(({ inZoo }) => inZoo)
        .map(({ name }) => ({
          name,
          points: zoo.filter((member) => member.name.startsWith(`${name}-`)).map(({ steps, accuracy }) => [steps, accuracy] as const),
        })),
    },
  ],
});

const trainingSection = ({ training, steps }: ClassifierResults): ReportSection => ({
  title: 'Learning the space',
  text: `${steps} steps of Adam. Each predicted network imitates its target on a batch of digits (distillation); the ClassId is read off the embedding; networks halfway between the two architectures of the zoo are trained to be of the third (interpolation loss).`,
  figures: [
    {
      kind: 'chart',
      chart: 'line',
      title: 'Losses',
      wide: true,
      x: { label: 'step', format: 'integer' },
      y: { label: 'loss, nats', scale: 'log' },
      series: ['loss', 'distillation', 'classId', 'interpolation'].map((term) => ({
        name: term,
        points: training.filter(({ losses }) => (losses[term] ?? 0) > 0).map(({ step, losses }) => [step, losses[term]!] as const),
      })),
    },
  ],
});

const predictedSection = ({ evaluation, heldOut, pictures }: ClassifierResults): ReportSection => {
  const points = (wanted: boolean): XySeries['points'] =>
    evaluation.instances
      .filter(({ name }) => heldOut.includes(name) === wanted)
      .map(({ targetAccuracy, predictedAccuracy }) => [targetAccuracy, predictedAccuracy] as const);
  const agreements = evaluation.instances.filter(({ name }) => heldOut.includes(name)).map(({ agreement }) => agreement);
  const agreement = agreements.reduce((sum, value) => sum + value, 0) / agreements.length;
  return {
    title: 'Encoded and decoded again',
    text: 'Each network was squeezed into one vector and read back. A point on the diagonal classifies as well, or as badly, as the network it came from.',
    figures: [
      {
        kind: 'chart',
        chart: 'scatter',
        title: 'Predicted against target accuracy',
        diagonal: true,
        x: { label: 'target', format: 'percent', min: 0, max: 1 },
        y: { label: 'predicted', format: 'percent', min: 0, max: 1 },
        series: [
          { name: 'in training', points: points(false) },
          { name: 'held out', points: points(true) },
        ],
      },
      {
        kind: 'table',
        title: 'Held-out networks',
        columns: [
          { label: 'network' },
          { label: 'ClassId' },
          { label: 'predicted ClassId' },
          { label: 'target', format: 'percent' },
          { label: 'predicted', format: 'percent' },
          { label: 'agreement', format: 'percent' },
        ],
        rows: evaluation.instances
          .filter(({ name }) => heldOut.includes(name))
          .map((row) => [row.name, row.classId, row.predictedClassId, row.targetAccuracy, row.predictedAccuracy, row.agreement]),
      },
      {
        kind: 'pictures',
        layout: 'rows',
        title: 'Parameters as pictures (PReps)',
        caption: `Blue is negative, red positive, grey padding. A predicted network has other weights than its target; held-out ones and their targets give ${percent(agreement)} of the test images the same class (10 % would be chance).`,
        pictures: pictures.map(({ title, note, width, height, data }) => ({ title, note, picture: { width, height, data } })),
      },
    ],
  };
};

function walkSections({ weakToStrong, betweenArchitectures, architectures }: ClassifierResults): ReportSection[] {
  const line = (stops: readonly WalkStop[]): XySeries['points'] => stops.map(({ gamma, accuracy }) => [gamma, accuracy] as const);
  const axes = { x: { label: 'γ' }, y: { label: 'test accuracy', format: 'percent', min: 0, max: 1 } } as const;
  return [
    {
      title: 'From a weak network to a strong one',
      text: 'A straight line through the space, beside the straight line between the weights themselves.',
      figures: [
        {
          ...{ kind: 'chart', chart: 'line', wide: true, ...axes },
          series: [
            { name: 'through the space', points: line(weakToStrong) },
            {
              name: 'average of the weights',
              dashed: true,
              points: weakToStrong.map(({ gamma, weightAverageAccuracy }) => [gamma, weightAverageAccuracy ?? 0] as const),
            },
          ],
        },
      ],
    },
    {
      title: 'From one architecture to another',
      text: 'Weights of two architectures cannot be averaged at all. The architecture in the middle has no instance in the zoo.',
      figures: [
        {
          ...{ kind: 'chart', chart: 'line', title: 'Accuracy on the way', ...axes },
          series: [{ name: 'through the space', points: line(betweenArchitectures) }],
        },
        {
          kind: 'table',
          title: 'What the class head says',
          columns: [{ label: 'γ' }, { label: 'architecture' }, { label: 'accuracy', format: 'percent' }],
          rows: betweenArchitectures.map(({ gamma, classId, accuracy }) => [gamma, architectures[classId]!.name, accuracy]),
        },
      ],
    },
  ];
}

const searchSection = ({ search }: ClassifierResults): ReportSection => ({
  title: 'Optimizing the vector instead of the weights',
  text: `Latent space optimization: the decoder is frozen, and Adam moves the embedding of ${search.start} until its network says what ${search.teacher} says (${percent(search.teacherAccuracy)} on the test digits). Accuracy ${percent(search.before)} before, ${percent(search.after)} after.`,
  figures: [
    {
      ...{ kind: 'chart', chart: 'line', wide: true },
      x: { label: 'step', format: 'integer' },
      y: { label: 'loss, nats' },
      series: [{ name: 'L_kd + L_class', points: search.losses.map((loss, step) => [step, loss] as const) }],
    },
  ],
});

function shapeSections({ shapes, reconstructions, walk, averages, source, training, steps }: ShapeResults): ReportSection[] {
  const figure = (meshes: readonly PlainMesh[], title: string) => ({
    ...{ kind: 'meshes' as const, title, wide: true },
    meshes: meshes.map(({ title: name, note, positions, indices }) => ({
      title: name,
      note,
      mesh: { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) },
    })),
  });
  return [
    {
      title: 'A space of shapes',
      text: `The same with networks that hold a shape as a signed distance function (${source}). ${steps} steps.`,
      figures: [
        figure(reconstructions, 'Target and predicted'),
        {
          kind: 'table',
          columns: [{ label: 'shape' }, { label: 'error of the target' }, { label: 'error of the predicted' }, { label: 'IoU of the two' }],
          caption: 'Errors: mean squared distance, in units of the bounding box diagonal.',
          rows: shapes.map(({ name, targetMse, reconstructedMse, iou }) => [name, targetMse, reconstructedMse, iou]),
        },
        {
          ...{ kind: 'chart', chart: 'line', title: 'Loss' },
          x: { label: 'step', format: 'integer' },
          y: { label: 'mean squared error', scale: 'log' },
          series: [{ name: 'L_sdf', points: training.map(({ step, loss }) => [step, loss] as const) }],
        },
      ],
    },
    { title: 'Between two shapes', figures: [figure(walk, 'Through the space'), figure(averages, 'Averaging the weights')] },
  ];
}
