import type { Context, Phases } from '../shared/experiment.js';
import type { SdfConfig } from './config.js';
import { shapeMeshes } from './shape-meshes.js';
import { shapeStart, type ShapeStart } from './shape-start.js';
import { shapeZoo, type Shape } from './shape-zoo.js';

export interface ShapeZoos {
  /** One SIREN of each shape that the space knows. */
  readonly known: readonly Shape[];
  /** All SIRENs that the space learns from: those and, of the same shapes, the others. */
  readonly fits: readonly Shape[];
  /** SIRENs that it never sees: of some shapes that it knows, and of shapes that it does not. */
  readonly refits: readonly Shape[];
  readonly heldOut: readonly Shape[];
}

type Meshes = Awaited<ReturnType<typeof shapeMeshes>>;

/** Fits all SIRENs, or loads them. */
export async function shapeZoos(config: SdfConfig, context: Context): Promise<ShapeZoos> {
  const { meshes, start } = await begin(config, context);
  const isKnown = ({ name }: { readonly name: string }): boolean => !config.heldOut.includes(name);
  const first = await fitOf(config, context, { meshes, start, fit: 0 });
  const known = first.filter(isKnown);
  const fits = [...known];
  for (let fit = 1; fit < config.fits; fit++) fits.push(...(await fitOf(config, context, { meshes, start, fit })));
  return {
    known,
    fits,
    refits: await fitOf(config, context, { meshes, start, fit: 'refits' }),
    heldOut: first.filter((one) => !isKnown(one)),
  };
}

/** For processes beside each other. */
export function shapeZooParts(config: SdfConfig): Phases {
  const fits = [...Array.from({ length: config.fits }, (_, fit) => fit), 'refits' as const];
  return [
    [{ name: 'start', make: (context) => begin(config, context) }],
    fits.map((fit) => ({
      name: `shapes ${fit}`,
      make: async (context) => fitOf(config, context, { ...(await begin(config, context)), fit }),
    })),
  ];
}

async function begin(config: SdfConfig, context: Context): Promise<{ readonly meshes: Meshes; readonly start: ShapeStart }> {
  const meshes = await shapeMeshes(config.meshes);
  const known = meshes.filter(({ name }) => !config.heldOut.includes(name));
  return { meshes, start: await shapeStart(context, config, known) };
}

/** Seeds of one run of the experiment; those of the next follow. */
const SEEDS = 1000;

/** The first fit is of all shapes, the others of those that the space knows, `refits` of some of them. */
function fitOf(
  { zoo, heldOut, refits }: SdfConfig,
  context: Context,
  { meshes, start, fit }: { readonly meshes: Meshes; readonly start: ShapeStart; readonly fit: number | 'refits' },
): Promise<readonly Shape[]> {
  const known = meshes.filter(({ name }) => !heldOut.includes(name));
  const every = Math.ceil(known.length / refits);
  const seed = context.seed * SEEDS + (fit === 'refits' ? SEEDS - 1 : fit);
  return shapeZoo(context, {
    ...{ name: fit === 0 ? 'shapes' : `shapes-${fit}`, recipe: { ...zoo, seed }, start },
    meshes: fit === 0 ? meshes : fit === 'refits' ? known.filter((_, i) => i % every === 0) : known,
  });
}
