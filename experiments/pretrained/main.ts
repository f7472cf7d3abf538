// `npx tsx experiments/pretrained/main.ts NAME --space DIR --zoo DIR.. --results FILE [--held-out A,B]` makes `pretrained/NAME/` of a space that an
// experiment trained: `netspace export` writes it, `netspace evaluate` measures it, and `card.md` is `cards/NAME.md` with the numbers of both.
// Which networks the space learned and which were held out is in the results, unless `--held-out` names them. Without `--space` and `--zoo`
// the folder stays as it is, but for its card.
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { dataPath } from '../shared/data.js';
import { formatMarkdown } from '../shared/results/format-markdown.js';
import { root } from '../shared/root.js';
import { fillCard } from './fill-card.js';
import { netspaceCommand } from '../shared/netspace-command.js';
import { SHIPPED } from './shipped.js';
import { type ClassifiersPrinted, type ShapesPrinted, sideBySide } from './side-by-side.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    space: { type: 'string' },
    zoo: { type: 'string', multiple: true },
    results: { type: 'string' },
    'held-out': { type: 'string' },
  },
});
const [name = '', ...more] = positionals;
const { space, zoo, results, 'held-out': names } = values;
const shipped = SHIPPED[name];
if (shipped === undefined || (space === undefined) !== (zoo === undefined) || results === undefined) {
  console.error(`Usage: main.ts ${Object.keys(SHIPPED).join('|')} [--space DIR --zoo DIR..] --results FILE [--held-out A,B]`);
  process.exit(2);
}

const facts = JSON.parse(await readFile(results, 'utf8')) as { readonly results: Partial<Networks> };
const { instances } = facts.results;
const known = facts.results.known?.map((one) => (typeof one === 'string' ? one : one.name));
const heldOut = names?.split(',') ?? instances?.map((instance) => instance.name) ?? [];
const all = known === undefined ? [] : ['--instance', ...known, ...heldOut];
const folder = relative(process.cwd(), join(root, 'pretrained', name));
const { title, description, data, sample, refine, shownRefined = false } = shipped;
const spec = data && [data.kind, ...(data.path === undefined ? [] : [relative(process.cwd(), dataPath(data.path))])].join(':');
const onImages = spec === undefined ? [] : ['--data', spec];
const images = sample === undefined ? [] : ['--sample', String(sample)];

if (space !== undefined && zoo !== undefined) {
  await rm(folder, { recursive: true, force: true });
  await netspaceCommand([
    ...['export', space, '--zoo', ...zoo, ...more, '--out', folder, ...all, '--held-out', ...heldOut, ...onImages, ...images],
    ...['--title', title, '--description', description, '--license', 'MIT', ...(shownRefined ? ['--refine', String(refine)] : [])],
  ]);
  for (const file of ['README.md', 'netspace-files.json']) await rm(join(folder, file)); // the card says more, and changes the list of files
}
const [from, kept] = [join(folder, 'space'), join(folder, 'zoo-heldout')];
const evaluation = await netspaceCommand<ClassifiersPrinted | ShapesPrinted>(
  ['evaluate', '--space', from, '--zoo', kept, ...onImages, '--refine', String(refine)], // prettier-ignore
);
const load = Math.round(loadavg()[0]!); // seconds mean little where much else runs
const { modelTopology } = JSON.parse(await readFile(join(from, 'space.json'), 'utf8')) as { readonly modelTopology: { readonly config: object } };
const template = join(root, 'experiments/pretrained/cards', `${name}.md`);
const text = fillCard(await readFile(template, 'utf8'), {
  ...facts,
  pretrained: { config: modelTopology.config, evaluation, refine, both: sideBySide(evaluation), load, cores: availableParallelism(), megabytes: (await bytesIn(folder)) / 1e6 },
});
await writeFile(join(folder, 'card.md'), await formatMarkdown(text));
console.log(`Written to ${folder}, ${((await bytesIn(folder)) / 1e6).toFixed(2)} MB`);

/** What an experiment of `pretrained-…` leaves in its results. */
interface Networks {
  readonly known: readonly (string | { readonly name: string })[];
  readonly instances: readonly { readonly name: string }[];
}

async function bytesIn(path: string): Promise<number> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
