import type { Picture, TriangleMesh } from '@netspace/shapes';

/** How a number is written: 0.123 as `0.123`, `12.3 %` or (rounded to a whole number) `0`. */
export type ValueFormat = 'number' | 'percent' | 'integer';

/** A page: headline numbers, sections of text and figures, and where it all comes from. All text is plain text. */
export interface ReportData {
  readonly title: string;
  readonly subtitle?: string;
  /** The few numbers that a reader should remember. */
  readonly headline?: readonly Headline[];
  readonly sections: readonly ReportSection[];
  /** Runtime, versions, seed, date: what is needed to get the same numbers again. */
  readonly provenance?: Readonly<Record<string, string | number>>;
}

export interface Headline {
  readonly label: string;
  /** As it is to be shown, e.g. `91 %`. */
  readonly value: string;
  readonly note?: string;
}

export interface ReportSection {
  readonly title: string;
  /** Paragraphs. */
  readonly text?: string | readonly string[];
  readonly figures?: readonly ReportFigure[];
}

export type ReportFigure = ChartFigure | HeatmapFigure | TableFigure | PicturesFigure | MeshesFigure;

interface Figure {
  readonly title?: string;
  readonly caption?: string;
  /** Takes the whole width of the page instead of half of it; charts and heatmaps do if they stand alone. */
  readonly wide?: boolean;
}

/** Curves, points or bars; what it shows can also be read as a table. */
export type ChartFigure = XyChart | BarChart;

export interface ChartAxis {
  readonly label: string;
  /** @default 'number' */
  readonly format?: ValueFormat;
  /** @default 'linear' */
  readonly scale?: 'linear' | 'log';
  readonly min?: number;
  readonly max?: number;
}

export interface XySeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** @default false */
  readonly dashed?: boolean;
  /** Of a line: how far the values spread at each of the points, lowest and highest; drawn as an area behind it. */
  readonly band?: readonly (readonly [low: number, high: number])[];
}

export interface XyChart extends Figure {
  readonly kind: 'chart';
  readonly chart: 'line' | 'scatter';
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly XySeries[];
  /**
   * Draws the line y = x, for predicted against true values.
   *
   * @default false
   */
  readonly diagonal?: boolean;
}

export interface BarChart extends Figure {
  readonly kind: 'chart';
  readonly chart: 'bar';
  readonly categories: readonly string[];
  readonly y: ChartAxis;
  /** One value a category; null leaves a gap. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** A matrix of values ≥ 0, such as a confusion matrix. */
export interface HeatmapFigure extends Figure {
  readonly kind: 'heatmap';
  readonly rows: { readonly label: string; readonly names: readonly string[] };
  readonly columns: { readonly label: string; readonly names: readonly string[] };
  /** One list a row. */
  readonly values: readonly (readonly number[])[];
  /** @default 'number' */
  readonly format?: ValueFormat;
}

export interface TableFigure extends Figure {
  readonly kind: 'table';
  readonly columns: readonly { readonly label: string; readonly format?: ValueFormat }[];
  /** Null is shown as a dash. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface PicturesFigure extends Figure {
  readonly kind: 'pictures';
  /**
   * `strip`: side by side, scrolling if need be; `grid`: wrapped; `rows`: each over the whole width, for PReps.
   *
   * @default 'grid'
   */
  readonly layout?: 'strip' | 'grid' | 'rows';
  readonly pictures: readonly { readonly picture: Picture; readonly title: string; readonly note?: string }[];
  /**
   * Shows enlarged pixels as squares, e.g. of digits.
   *
   * @default false
   */
  readonly pixelated?: boolean;
}

export interface MeshesFigure extends Figure {
  readonly kind: 'meshes';
  /** Drawn to one scale, turned together. */
  readonly meshes: readonly { readonly mesh: TriangleMesh; readonly title: string; readonly note?: string }[];
}
