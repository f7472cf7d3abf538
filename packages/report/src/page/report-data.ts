import {
  byKind,
  finite,
  flag,
  type GivenBy,
  listOf,
  objectOf,
  oneOf,
  optional,
  text,
  thing,
  valueOf,
  withDefault,
} from '@netspace/prep/internal';
import type { Picture, TriangleMesh } from '@netspace/shapes';

/** A list of lists, which is not copied: it may be long. */
const listsOf = <T>(what: string, length?: number) =>
  valueOf<readonly T[]>(
    what,
    (value) => Array.isArray(value) && value.every((one) => Array.isArray(one) && (length === undefined || one.length === length)),
  );
const texts = listOf(text, 'a list of texts');
const format = withDefault(oneOf(['number', 'percent', 'integer']), 'number');

/** How a number is written: 0.123 as `0.123`, `12.3 %` or (rounded to a whole number) `0`. */
export type ValueFormat = 'number' | 'percent' | 'integer';

const figure = {
  title: optional(text),
  caption: optional(text),
  /** Takes the whole width of the page instead of half of it; charts and heatmaps do if they stand alone. */
  wide: optional(flag),
};

/** See {@link ChartAxis}. */
const chartAxis = objectOf({
  label: text,
  /** @default 'number' */
  format,
  /** @default 'linear' */
  scale: withDefault(oneOf(['linear', 'log']), 'linear'),
  min: optional(finite),
  max: optional(finite),
});

export interface ChartAxis extends GivenBy<typeof chartAxis> {}

/** See {@link XySeries}. */
const xySeries = objectOf({
  name: text,
  points: listsOf<readonly [x: number, y: number]>('a list of [x, y]', 2),
  /** @default false */
  dashed: withDefault(flag, false),
  /** For a line: the lowest and the highest value at each point, drawn as an area behind the line. */
  band: optional(listsOf<readonly [low: number, high: number]>('a list of [low, high]', 2)),
});

export interface XySeries extends GivenBy<typeof xySeries> {}

/** See {@link XyChart}. */
const xyChart = objectOf({
  ...figure,
  kind: oneOf(['chart']),
  chart: oneOf(['line', 'scatter']),
  x: chartAxis,
  y: chartAxis,
  series: listOf(xySeries, 'a list of series'),
  /**
   * Draws the line y = x, for predicted against true values.
   * @default false
   */
  diagonal: withDefault(flag, false),
});

export interface XyChart extends GivenBy<typeof xyChart> {}

/** See {@link BarChart}. */
const barChart = objectOf({
  ...figure,
  kind: oneOf(['chart']),
  chart: oneOf(['bar']),
  categories: texts,
  y: chartAxis,
  /** One value a category; null leaves a gap. */
  series: listOf(
    objectOf({ name: text, values: valueOf<readonly (number | null)[]>('a list of numbers, or null for a gap', Array.isArray) }),
    'a list of series',
  ),
});

export interface BarChart extends GivenBy<typeof barChart> {}

/** See {@link ChartFigure}. */
export const chartFigure = byKind('chart', { line: xyChart, scatter: xyChart, bar: barChart });

/** Curves, points or bars. The values can also be read as a table. */
export type ChartFigure = XyChart | BarChart;

const side = objectOf({ label: text, names: texts });

/** See {@link HeatmapFigure}. */
const heatmapFigure = objectOf({
  ...figure,
  kind: oneOf(['heatmap']),
  rows: side,
  columns: side,
  /** One list a row. */
  values: listsOf<readonly number[]>('a list of rows'),
  /** @default 'number' */
  format,
});

/** A matrix of values ≥ 0, such as a confusion matrix. */
export interface HeatmapFigure extends GivenBy<typeof heatmapFigure> {}

/** See {@link TableFigure}. */
const tableFigure = objectOf({
  ...figure,
  kind: oneOf(['table']),
  columns: listOf(objectOf({ label: text, format: optional(oneOf(['number', 'percent', 'integer'])) }), 'a list of columns'),
  /** Null is shown as a dash. */
  rows: listsOf<readonly (string | number | null)[]>('a list of rows'),
});

export interface TableFigure extends GivenBy<typeof tableFigure> {}

/** See {@link PicturesFigure}. */
const picturesFigure = objectOf({
  ...figure,
  kind: oneOf(['pictures']),
  /**
   * `strip`: side by side, scrolling if necessary; `grid`: wrapped; `rows`: each over the whole width, for PReps.
   * @default 'grid'
   */
  layout: withDefault(oneOf(['strip', 'grid', 'rows']), 'grid'),
  pictures: listOf(
    objectOf({ picture: thing<Picture>('a picture', ['width', 'height', 'data']), title: text, note: optional(text) }),
    'a list of pictures',
  ),
  /**
   * Shows enlarged pixels as squares, e.g. of digits.
   * @default false
   */
  pixelated: withDefault(flag, false),
});

export interface PicturesFigure extends GivenBy<typeof picturesFigure> {}

/** See {@link MeshesFigure}. */
const meshesFigure = objectOf({
  ...figure,
  kind: oneOf(['meshes']),
  /** Drawn to one scale, turned together. */
  meshes: listOf(
    objectOf({ mesh: thing<TriangleMesh>('a mesh', ['positions', 'indices']), title: text, note: optional(text) }),
    'a list of meshes',
  ),
});

export interface MeshesFigure extends GivenBy<typeof meshesFigure> {}

export type ReportFigure = ChartFigure | HeatmapFigure | TableFigure | PicturesFigure | MeshesFigure;

const reportFigure = byKind('kind', {
  ...{ chart: chartFigure, heatmap: heatmapFigure, table: tableFigure, pictures: picturesFigure, meshes: meshesFigure },
});

/** See {@link ReportSection}. */
const reportSection = objectOf({
  title: text,
  /** Paragraphs. */
  text: optional(valueOf<string | readonly string[]>('text or a list of paragraphs', isText)),
  figures: optional(listOf(reportFigure, 'a list of figures')),
});

export interface ReportSection extends GivenBy<typeof reportSection> {}

/** See {@link Headline}. */
const headline = objectOf({
  label: text,
  /** The value as it is shown, e.g. `91 %`. */
  value: text,
  /** What the number means, and what would be good. */
  note: optional(text),
  /** Whether it is good, by what the note says. */
  verdict: optional(oneOf(['good', 'fair', 'poor'])),
});

export interface Headline extends GivenBy<typeof headline> {}

/** See {@link ReportData}. */
export const reportData = objectOf({
  title: text,
  subtitle: optional(text),
  /** The few numbers that a reader should remember. */
  headline: optional(listOf(headline, 'a list of headlines')),
  sections: listOf(reportSection, 'a list of sections'),
  /** Runtime, versions, seed, date: everything that is needed to get the same numbers again. */
  provenance: optional(thing<Readonly<Record<string, string | number>>>('an object of texts and numbers', [])),
});

/** A page: headline numbers, sections of text and figures, and their provenance. All text is plain text. */
export interface ReportData extends GivenBy<typeof reportData> {}

function isText(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}
