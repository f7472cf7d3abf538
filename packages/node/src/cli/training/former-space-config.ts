/** How a space was told to start and to measure weights before `start` and `units`: as `run.json` of earlier runs has it. */
interface Former {
  readonly scaleBias?: unknown;
  readonly normalize?: unknown;
  readonly normalise?: unknown;
}

/** Says in today's keys what a config of earlier versions says; what is unknown, or said twice, is left for the schema to refuse. */
export function translateSpace(space: unknown): unknown {
  if (typeof space !== 'object' || space === null) return space;
  const { scaleBias, normalize, normalise, ...rest } = space as Former & Readonly<Record<string, unknown>>;
  const measures = normalize ?? normalise;
  const startOf: Readonly<Record<string, string>> = { paper: 'random', instance: measures === true ? 'instances' : 'instance' };
  const start = typeof scaleBias === 'string' ? startOf[scaleBias] : undefined;
  return {
    ...rest,
    ...given('start', start, { scaleBias }, rest),
    ...given('units', typeof measures === 'boolean' ? (measures ? 'zoo' : 'none') : undefined, { normalize, normalise }, rest),
  };
}

/** Today's key, or the former ones as they were where they mean nothing or today's is there too. */
function given(key: string, value: string | undefined, former: object, rest: object): object {
  if (value !== undefined && !(key in rest)) return { [key]: value };
  return Object.fromEntries(Object.entries(former).filter(([, one]) => one !== undefined));
}
