import type { Part as RunPart, Phases as RunPhases, Progress, SelectedRuntime } from '@netspace/node';

/** `smoke`: seconds, proves that the code path lives; `small`: two cores, about 90 minutes; `paper`: the paper's sizes and lengths, for a GPU. */
export const SCALES = ['smoke', 'small', 'paper'] as const;

export type Scale = (typeof SCALES)[number];

/** One question about the method, and how to answer it at each scale. */
export interface Experiment<Config extends object> {
  readonly name: string;
  readonly question: string;
  readonly configs: Readonly<Record<Scale, Config>>;
  /** What can be made before `run`, which then finds it in `work`. */
  parts?(config: Config): Phases;
  run(config: Config, context: Context): Promise<Outcome>;
}

/** A zoo, a space: made in stages, which are kept. */
export type Part = RunPart<Context>;

export type Phases = RunPhases<Context>;

/** What an experiment finds when it runs. */
export interface Context {
  readonly scale: Scale;
  readonly seed: number;
  /** Folder of everything that is kept between runs: zoos, spaces, checkpoints. Experiments of one scale share it. */
  readonly work: string;
  readonly runtime: SelectedRuntime;
  /** Aborted on SIGINT and SIGTERM: stop after the step at hand, having saved it. */
  readonly signal: AbortSignal;
  /** Trainings end after so many steps, to prove that a step of this scale runs; the results then mean nothing. */
  readonly stepsLimit: number | undefined;
  /** Redis or Valkey from which `netspace worker` takes the jobs of zoos; undefined if they are built here. */
  readonly queue?: string | undefined;
  log(message: string): void;
  progress(label: string, total: number): Progress;
  /**
   * Times a part of the experiment whose product is kept in `work`. Its seconds are summed over interrupted runs and over the experiments
   * that share it, so that the wall time of a result holds all that it took.
   */
  stage<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** What an experiment found. */
export interface Outcome {
  /** As JSON. */
  readonly results: object;
  readonly figures: readonly Figure[];
  readonly thresholds: readonly Threshold[];
}

/** A file beside the results, name with ending; text is SVG, bytes are PNG. */
export interface Figure {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What it shows, where it does not say so itself. */
  readonly caption?: string;
}

/** A number that the experiment should reach. */
export interface Threshold {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}
