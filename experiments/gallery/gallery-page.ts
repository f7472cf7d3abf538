/** What a committed `results.json` says, as far as the gallery shows it. */
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
  /** What a picture shows, by its file name, where the picture does not say it itself. */
  readonly captions?: Readonly<Record<string, string>>;
}

/** The gallery as Markdown, for `docs/`: each experiment's question, what it measured against what it should reach, and its pictures. */
export const galleryPage = (entries: readonly GalleryEntry[]): string =>
  [
    '# Gallery',
    'What the experiments in [`experiments/`](../experiments) measured at the small scale: real data, on two cores, far fewer steps than in the paper. A goal that was missed stands here as one. Every number and picture here comes from a committed `results.json`; this page is made from them by `npx tsx experiments/gallery/main.ts`.',
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
