import type { ExplorerManifest } from '@netspace/explorer';

import { isFileName } from '../architectures/architectures-in.js';

/** Licenses that a hub knows by these names; any other is `other`, with a name of its own. */
const LICENSES = [
  ...['apache-2.0', 'mit', 'bsd-2-clause', 'bsd-3-clause', 'isc', 'mpl-2.0', 'unlicense', 'zlib', 'wtfpl', 'osl-3.0', 'odbl'],
  ...['cc0-1.0', 'cc-by-2.0', 'cc-by-3.0', 'cc-by-4.0', 'cc-by-sa-3.0', 'cc-by-sa-4.0', 'cc-by-nc-4.0', 'cc-by-nc-sa-4.0'],
  ...['gpl-2.0', 'gpl-3.0', 'lgpl-2.1', 'lgpl-3.0', 'agpl-3.0', 'epl-2.0', 'eupl-1.1', 'ecl-2.0', 'pddl', 'openrail', 'afl-3.0'],
];

/** Data sets as the hub names them. */
const DATASETS: Readonly<Record<string, string>> = {
  mnist: 'ylecun/mnist',
  cifar10: 'uoft-cs/cifar10',
  'tiny-imagenet': 'zh-plus/tiny-imagenet',
};

export interface ModelCardOptions {
  /** What the data set is called in `--data`. */
  readonly dataset?: string | undefined;
  /** Markdown to stand below the metadata; what is known of the space by itself otherwise. */
  readonly body?: string | undefined;
}

/**
 * The card of a space: a README.md with the metadata that a Hugging Face hub reads, and a text for people.
 *
 * @see `modelcard.md` of the repository huggingface/hub-docs, which says what keys there are
 */
export function modelCard(manifest: ExplorerManifest, { dataset, body }: ModelCardOptions = {}): string {
  return `---\n${metadataLines(manifest, dataset).join('\n')}\n---\n\n${body ?? cardBody(manifest)}`;
}

/** What the networks of a folder are called, and their task in the words of a hub. */
const WORDS = { classifier: 'image classifiers', sdf: 'shapes, each a signed distance function', other: 'networks' } as const;
const TAGS = { classifier: ['image-classification'], sdf: ['implicit-neural-representation'], other: [] } as const;

/** YAML, of which JSON's strings are a part. */
function metadataLines({ kind, license, networks }: ExplorerManifest, dataset: string | undefined): readonly string[] {
  const measured = new Set(networks.flatMap(({ metrics }) => Object.keys(metrics)));
  const metrics = [...(measured.has('testAccuracy') ? ['accuracy'] : []), ...(measured.has('mse') ? ['mse'] : [])];
  const hubDataset = dataset === undefined ? undefined : DATASETS[dataset];
  const tags = ['netspace', 'weight-space-learning', 'hypernetwork', 'tensorflow.js', ...TAGS[kind]];
  return [
    ...licenseLines(license),
    'library_name: netspace',
    ...list('tags', tags),
    ...list('datasets', hubDataset === undefined ? [] : [hubDataset]),
    ...list('metrics', metrics),
  ];
}

const list = (key: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [] : [`${key}:`, ...values.map((value) => `  - ${JSON.stringify(value)}`)];

function licenseLines(license: string | undefined): readonly string[] {
  const name = license?.trim().toLowerCase();
  if (name === undefined || name === '') return [];
  if (LICENSES.includes(name)) return [`license: ${name}`];
  const id = name.replaceAll(/[^a-z0-9.]+/g, '-').replaceAll(/^-|-$/g, '');
  return ['license: other', `license_name: ${JSON.stringify(id || 'other')}`];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function cardBody(manifest: ExplorerManifest): string {
  const { title, description, networks, kind, license, command } = manifest;
  const heldOut = networks.filter((network) => network.heldOut);
  const judged = heldOut.length > 0 ? heldOut : networks;
  const pairs = judged.flatMap(({ metrics: { testAccuracy: target, predictedAccuracy: predicted, agreement } }) =>
    target === undefined || predicted === undefined ? [] : [{ difference: Math.abs(target - predicted), agreement: agreement ?? NaN }],
  );
  const percent = (values: readonly number[], digits = 1) =>
    ((100 * values.reduce((sum, value) => sum + value, 0)) / values.length).toFixed(digits);
  const which =
    heldOut.length > 0 ? `${heldOut.length} networks that the space has never seen` : 'the networks that the space was trained on';
  const measured =
    pairs.length === 0
      ? []
      : [
          `Measured on ${which}: the network that the space decodes differs from its target by ${percent(pairs.map((one) => one.difference))} points of accuracy on average (0 is best),`,
          `and gives the same class for ${percent(pairs.map((one) => one.agreement))} % of the images (100 % is best).`,
          '',
        ];
  return [
    `# ${oneLine(title)}`,
    '',
    oneLine(description),
    '',
    `A space of networks, made with NetSpace: ${networks.length} ${WORDS[kind]}, ${heldOut.length} of them held out.`,
    'Its encoder turns a network into a vector, its decoder any vector into a network.',
    '',
    ...measured,
    ...placesLines(manifest),
    '```js',
    ...(networks.some(({ architecture }) => isFileName(architecture)) ? LOAD_FROM_FOLDER : LOAD),
    '```',
    '',
    ...(license === undefined ? [] : [`License of the weights: ${oneLine(license)}`, '']),
    ...(command === undefined ? [] : ['Written by', '', '```', oneLine(command), '```', '']),
  ].join('\n');
}

/** What embeddings and figures are of, where that is not the encoder alone. */
function placesLines({ refineSteps, freeEmbeddings = false }: ExplorerManifest): readonly string[] {
  const free = 'The space was trained with free embeddings: its encoder only guesses where a network lies.';
  if (refineSteps === undefined) return freeEmbeddings ? [`${free} Embeddings and figures here are such guesses; refine what you encode (\`refineEmbedding\`).`, ''] : []; // prettier-ignore
  const refined = `Embeddings and figures here are of refined encodings, each moved in ${refineSteps} steps (\`refineEmbedding\`).`;
  return [`${refined} ${freeEmbeddings ? free : 'The encoder alone is worse.'} Refine what you encode to get such figures.`, ''];
}

/** How a program loads the space. */
const LOAD: readonly string[] = [
  "import { NetSpace } from '@netspace/model';",
  "import { architectureByName } from '@netspace/zoo';",
  '',
  '// FOLDER: the address of this folder; on a hub it ends with /resolve/main',
  'const space = await NetSpace.load(`${FOLDER}/space`, { architectures: architectureByName });',
];

/** The same where graphs of ONNX files are in the folder. */
const LOAD_FROM_FOLDER: readonly string[] = [
  "import { NetSpace } from '@netspace/model';",
  "import { architecturesIn, fileHandler } from '@netspace/node';",
  '',
  '// FOLDER: where `netspace pull` put this folder',
  'const space = await NetSpace.load(fileHandler(`${FOLDER}/space`), { architectures: await architecturesIn(`${FOLDER}/space`) });',
];
