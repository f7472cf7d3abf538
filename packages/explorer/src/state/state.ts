import type {
  Brought,
  Classified,
  CurveStop,
  HeatLevel,
  Look,
  Opened,
  OptimizeStep,
  Picture,
  Place,
  RuntimeName,
  ShapeMesh,
} from '../worker/messages/protocol.js';
import type { Refined, RefineRequest, RefineStep } from '../worker/refinement.js';

export type Tab = 'look' | 'walk' | 'draw' | 'optimize' | 'bring';
export type Projection = 'pca' | 'umap';
export type WalkMode = 'line' | 'triangle' | 'path';
/** What a pointer does on the map: sets the cursor, moves the map, rings networks, draws a path. */
export type MapTool = 'cursor' | 'pan' | 'lasso' | 'path';
export type Theme = 'auto' | 'light' | 'dark';

export interface Walk {
  readonly mode: WalkMode;
  /** Two of a line, three of a triangle, two or more of a path. */
  readonly stops: readonly Place[];
  /** From 0 to 1 along a line or path. */
  readonly gamma: number;
  /** Of a triangle's corners; they sum to 1. */
  readonly weights: readonly [number, number, number];
}

/** What one sees, as the address bar holds it: a shared link shows the same. */
export interface View {
  readonly tab: Tab;
  readonly cursor: Place;
  /** Of the map, in the plane's units; undefined: of all networks. */
  readonly center: readonly [x: number, y: number] | undefined;
  /** 1 shows all networks. */
  readonly zoom: number;
  readonly projection: Projection;
  /** `architecture`, `length`, or a metric's name. */
  readonly colorBy: string;
  readonly shaded: boolean;
  readonly show: 'all' | 'known' | 'heldOut';
  readonly tool: MapTool;
  /** Names of networks. */
  readonly selection: readonly string[];
  readonly walk: Walk;
  readonly loop: boolean;
  /** Seconds from one end to the other. */
  readonly seconds: number;
  /** Of the sample; undefined: what was drawn. */
  readonly image: number | undefined;
  readonly optimizer: OptimizerSettings;
  readonly runtime: RuntimeName | 'fastest';
  readonly theme: Theme;
}

export interface OptimizerSettings {
  readonly on: 'sample' | 'drawn';
  readonly steps: number;
  readonly learningRate: number;
  readonly batch: number;
  readonly compareWeights: boolean;
}

/** A digit that the visitor drew, and what they say it is. */
export interface Drawn {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly label: number;
}

/** An optimizer's run: what it has done so far. */
export interface Run {
  readonly id: string;
  readonly from: Place;
  readonly running: boolean;
  readonly steps: readonly OptimizeStep[];
}

/** What is being refined, and how far it is. */
export interface Refining {
  readonly of: RefineRequest['of'];
  readonly last: RefineStep | undefined;
}

export interface Notice {
  readonly kind: 'error' | 'done';
  readonly text: string;
  /** What a button offers to do about it. */
  readonly remedy?: { readonly label: string; readonly act: () => void };
}

/** A place that the worker keeps, with all that the page knows of it. */
export interface Kept {
  readonly id: string;
  readonly name: string;
  readonly kind: 'found' | 'brought' | 'refined';
  /** Undefined until the worker has told it. */
  readonly embedding?: Float32Array<ArrayBuffer>;
  readonly x: number;
  readonly y: number;
}

/** Everything. Never changed: an action makes the next one. */
export interface State {
  readonly view: View;
  /** The digit on the drawing pad, HWC; undone with the view, too large for an address. */
  readonly pad: Uint8Array<ArrayBuffer> | undefined;
  readonly opened: Opened | undefined;
  /** Whether the folder was dropped here: no address leads to it. */
  readonly dropped: boolean;
  /** False while there is only a map: the space is still coming. */
  readonly ready: boolean;
  readonly loading: { readonly part: string; readonly loaded: number; readonly total: number } | undefined;
  /** Why the folder could not be opened. */
  readonly failure: string | undefined;
  /** Whether something is being dragged or played: coarse answers are enough. */
  readonly moving: boolean;
  readonly playing: boolean;
  readonly look: Look | undefined;
  readonly lookProblem: string | undefined;
  readonly lookMs: number | undefined;
  readonly shape: ShapeMesh | undefined;
  /** Why it cannot be drawn. */
  readonly shapeProblem: string | undefined;
  readonly heat: HeatLevel | undefined;
  readonly umap: Float32Array<ArrayBuffer> | undefined;
  /** From 0 to 1 while it is being computed. */
  readonly umapDone: number | undefined;
  readonly curve: { readonly of: string; readonly stops: readonly CurveStop[]; readonly done: boolean } | undefined;
  readonly classified: Classified | undefined;
  readonly drawn: readonly Drawn[];
  /** The pen of those who draw by keyboard, in pixels of the image. */
  readonly pen: { readonly x: number; readonly y: number; readonly down: boolean } | undefined;
  /** First image of the sample that is offered. */
  readonly samplePage: number;
  readonly run: Run | undefined;
  readonly kept: readonly Kept[];
  readonly brought: readonly Brought[];
  readonly bringing: boolean;
  readonly refining: Refining | undefined;
  /** By the key of what was refined. */
  readonly refined: ReadonlyMap<string, Refined>;
  /** Whether the system asks for a dark page. */
  readonly systemDark: boolean;
  /** Of the map, in CSS pixels. */
  readonly mapSize: readonly [width: number, height: number];
  /** The line that is being drawn on the map, in the plane's units. */
  readonly stroke: readonly (readonly [x: number, y: number])[];
  /** Which stop of the walk the next press on the map sets. */
  readonly placing: number | undefined;
  /** The box that networks are searched in, and what is typed there. */
  readonly search: { readonly id: string; readonly text: string; readonly active: number } | undefined;
  /** Name of the network under the pointer, and pictures of those seen. */
  readonly hovered: string | undefined;
  readonly pictures: ReadonlyMap<string, Picture>;
  readonly dropping: boolean;
  /** A film, or the numbers of a triangle, that are being made; done: from 0 to 1. */
  readonly recording: { readonly format: 'video' | 'gif' | 'csv'; readonly done: number } | undefined;
  readonly notice: Notice | undefined;
  /** For screen readers: what changed last. */
  readonly said: string;
  /** Step of the tour. */
  readonly tour: number | undefined;
  readonly past: readonly Undoable[];
  readonly future: readonly Undoable[];
}

/** What undo brings back. */
export interface Undoable {
  readonly view: View;
  readonly pad: State['pad'];
}

/** Whether the page is dark, by choice or by the system. */
export const isDark = ({ view, systemDark }: State): boolean => (view.theme === 'auto' ? systemDark : view.theme === 'dark');

const CENTER: Place = { at: 'plane', x: 0, y: 0 };

export const FIRST_VIEW: View = {
  tab: 'look',
  cursor: CENTER,
  center: undefined,
  zoom: 1,
  projection: 'pca',
  colorBy: '',
  shaded: false,
  show: 'all',
  tool: 'cursor',
  selection: [],
  walk: { mode: 'line', stops: [], gamma: 0.5, weights: [1 / 3, 1 / 3, 1 / 3] },
  loop: true,
  seconds: 6,
  image: 0,
  optimizer: { on: 'sample', steps: 40, learningRate: 0.03, batch: 64, compareWeights: true },
  runtime: 'fastest',
  theme: 'auto',
};

export const FIRST_STATE: State = {
  view: FIRST_VIEW,
  pad: undefined,
  opened: undefined,
  dropped: false,
  ready: false,
  loading: { part: 'manifest', loaded: 0, total: 0 },
  failure: undefined,
  moving: false,
  playing: false,
  look: undefined,
  lookProblem: undefined,
  lookMs: undefined,
  shape: undefined,
  shapeProblem: undefined,
  heat: undefined,
  umap: undefined,
  umapDone: undefined,
  curve: undefined,
  classified: undefined,
  drawn: [],
  pen: undefined,
  samplePage: 0,
  run: undefined,
  kept: [],
  brought: [],
  bringing: false,
  refining: undefined,
  refined: new Map(),
  systemDark: false,
  mapSize: [0, 0],
  stroke: [],
  placing: undefined,
  search: undefined,
  hovered: undefined,
  pictures: new Map(),
  dropping: false,
  recording: undefined,
  notice: undefined,
  said: '',
  tour: undefined,
  past: [],
  future: [],
};
