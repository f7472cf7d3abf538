import type { Context } from './experiment.js';

/** How much is measured at the end. */
interface Looks {
  readonly testImages: number;
  readonly fewImages?: number;
  readonly walks?: { readonly pairs: number; readonly stops: number };
}

/** With a limit on steps, the results mean nothing: measures as little as possible then. */
export function quickLook<Config extends Looks>(config: Config, { stepsLimit }: Pick<Context, 'stepsLimit'>): Config {
  if (stepsLimit === undefined) return config;
  return {
    ...config,
    testImages: 16,
    ...(config.fewImages !== undefined && { fewImages: 16 }),
    ...(config.walks && { walks: { pairs: 1, stops: 2 } }),
  };
}
