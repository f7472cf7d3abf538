import { type Architecture, NetSpaceError, parameterCount } from '@netspace/prep';
import { show } from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';

/**
 * The facts about one network that {@link suggestSpace} needs. An instance has them, and so does a record of an instance store.
 */
export interface SuggestNetwork {
  /** The architecture, or the name of one that `architectureByName` knows. */
  readonly architecture: Architecture | string;
  /** Its name in the zoo. */
  readonly name?: string;
  /** The seed of its initial values. Networks of one seed may be snapshots of one training run. */
  readonly seed?: number;
  /** For how many epochs it was trained. */
  readonly epochs?: number;
  /** Measurements, such as `testAccuracy`, 0 to 1. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** One network, with what follows from its architecture. */
export interface NetworkFacts extends Omit<SuggestNetwork, 'architecture'> {
  readonly architecture: Architecture;
}

/** A zoo as the rules of a suggestion see it. */
export interface ZooFacts {
  readonly networks: readonly NetworkFacts[];
  /** Each architecture once, the smallest first. */
  readonly architectures: readonly Architecture[];
  /** Parameters of the smallest and of the largest architecture. */
  readonly smallest: number;
  readonly largest: number;
}

/**
 * @throws NetSpaceError `INVALID_OPTION` if there is no network, or one has no architecture; `NOT_FOUND` if a name is no architecture's
 */
export function zooFacts(given: readonly SuggestNetwork[]): ZooFacts {
  if (!Array.isArray(given) || given.length === 0) {
    const got = Array.isArray(given) ? 'none' : show(given);
    throw new NetSpaceError('INVALID_OPTION', `suggestSpace: expected a list of at least one network, got ${got}`);
  }
  const byName = new Map<string, Architecture>();
  const networks = given.map((network: SuggestNetwork, i): NetworkFacts => {
    const architecture = architectureOf(network, i);
    const known = typeof architecture === 'string' ? (byName.get(architecture) ?? architectureByName(architecture)) : architecture;
    if (!byName.has(known.name)) byName.set(known.name, known);
    return { ...network, architecture: byName.get(known.name)! };
  });
  const architectures = [...byName.values()].sort((a, b) => parameterCount(a.parameters) - parameterCount(b.parameters));
  const sizes = architectures.map(({ parameters }) => parameterCount(parameters));
  return { networks, architectures, smallest: sizes[0]!, largest: sizes.at(-1)! };
}

function architectureOf(network: unknown, i: number): Architecture | string {
  const architecture = typeof network === 'object' && network !== null && 'architecture' in network ? network.architecture : undefined;
  if (typeof architecture === 'string') return architecture;
  if (typeof architecture === 'object' && architecture !== null && 'parameters' in architecture) return architecture as Architecture;
  const got = architecture === undefined ? show(network) : show(architecture);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `suggestSpace: expected network ${i} to have an architecture, or the name of one, got ${got}; pass instances or records of a store`,
  );
}
