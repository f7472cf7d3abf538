/** The parts of a committed `results.json` that the gallery shows. */
export interface GalleryEntry {
  readonly experiment: string;
  readonly question: string;
  readonly seed: number;
  readonly date: string;
  readonly commit: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly runtime: { readonly name: string };
  readonly thresholds: readonly {
    readonly what: string;
    readonly value: number;
    readonly atLeast?: number;
    readonly atMost?: number;
    readonly reached: boolean;
  }[];
  readonly figures: readonly string[];
  /** A sentence on each picture that does not explain itself, by file name. */
  readonly captions?: Readonly<Record<string, string>>;
}

/** The gallery as Markdown, for `docs/`: for each experiment its question, its measurements beside their goals, and its pictures. */
export const galleryPage = (entries: readonly GalleryEntry[]): string =>
  [
    '# Gallery',
    'This page shows what the experiments in [`experiments/`](../experiments) measured at the small scale: with real data, on two cores, in far fewer steps than in the paper. The last column of each table says whether a goal was reached. Every number and picture comes from a committed `results.json`; `npx tsx experiments/gallery/main.ts` makes this page from these files.',
    ...entries.map(section),
  ].join('\n\n') + '\n';

function section(entry: GalleryEntry): string {
  const { experiment, question, thresholds, figures, captions = {} } = entry;
  const folder = `../experiments/${experiment}`;
  const rows = thresholds.map(
    ({ what, value, reached, ...wanted }) =>
      `| ${what.replaceAll('|', '\\|')} | ${shown(value)} | ${bounds(wanted)} | ${bounds(wanted) === '' ? '' : reached ? 'yes' : 'no'} |`,
  );
  const picture = (name: string): string =>
    `![${captions[name] ?? `${experiment}: ${title(name)}`}](${folder}/${name})${captions[name] === undefined ? '' : `\n\n_${captions[name]}_`}`;
  return [
    `## ${experiment}`,
    question,
    ['| measured | value | wanted | reached |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...figures.map(picture),
    `${provenance(entry)} [All numbers](${folder}/results.json).`,
  ].join('\n\n');
}

const provenance = ({ experiment, wallSeconds, cpuSeconds, machine, runtime, seed, date, commit }: GalleryEntry): string =>
  `\`npm run experiment -- ${experiment}\`, seed ${seed}: ${minutes(wallSeconds)} (${minutes(cpuSeconds)} of processor time) on ${machine.cores} cores of ${machine.cpu}, ${runtime.name}, ${date.slice(0, 10)}, commit ${commit.slice(0, 7)}.`;

const minutes = (seconds: number): string => `${Math.max(1, Math.round(seconds / 60))} min`;

const title = (file: string): string => file.replace(/\.\w+$/, '').replaceAll('-', ' ');

const bounds = ({ atLeast, atMost }: { readonly atLeast?: number; readonly atMost?: number }): string =>
  [atLeast === undefined ? '' : `≥ ${shown(atLeast)}`, atMost === undefined ? '' : `≤ ${shown(atMost)}`].filter(Boolean).join(', ');

const shown = (value: number): string => `${Number(value.toPrecision(3))}`;
