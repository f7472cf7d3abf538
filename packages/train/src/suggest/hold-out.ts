import type { NetworkFacts, ZooFacts } from './network-facts.js';
import type { SuggestedHoldOut, SuggestionReason } from './suggestion.js';

/** One seed out of this number is held out. */
const ONE_IN = 6;
/** But no fewer than these, which a verdict needs, of at least so many. */
const [LEAST, OF_AT_LEAST] = [3, 12];
/** Networks below this multiple of chance answer nearly the same for every image. */
const FLOOR = 1.7;

/** Chooses the networks to hold out: those at chance, and seeds to test the space on. */
export function suggestHoldOut(zoo: ZooFacts): { readonly holdOut: SuggestedHoldOut; readonly reasons: readonly SuggestionReason[] } {
  const poor = namesAtChance(zoo);
  const others = zoo.networks.filter(({ name }) => name === undefined || !poor.includes(name));
  const unknown = areSeedsUnknown(zoo.networks);
  const seeds = unknown ? [] : seedsToTestOn(others);
  const names = unknown ? namesToTestOn(others) : [];
  const why = [
    ...(poor.length === 0
      ? []
      : [
          `${poor.length === 1 ? 'One network is' : `${poor.length} networks are`} near chance: an accuracy below ${FLOOR} times that of a guess. Such networks pull all others of their architecture to one answer.`,
        ]),
    unknown ? whyNames(names) : whySeeds(seeds),
  ];
  return { holdOut: { names: [...poor, ...names], seeds }, reasons: [{ option: 'holdOut', why: why.join(' ') }] };
}

const whySeeds = (seeds: readonly number[]): string =>
  seeds.length === 0
    ? 'No seed is held out to test the space on: this takes networks of at least three seeds, and every architecture must also have networks of another seed.'
    : `The networks of ${seeds.length === 1 ? 'one seed are' : `${seeds.length} seeds are`} held out, to test the space on networks that it never saw. Whole seeds are held out, because networks of one seed may be snapshots of one training run.`;

const whyNames = (names: readonly string[]): string =>
  names.length === 0
    ? 'No network is held out to test the space on: this takes at least three networks with names, and every architecture must also have others.'
    : `${names.length === 1 ? 'One network is' : `${names.length} networks are`} held out, to test the space on networks that it never saw. Their seeds are not known. If some networks are snapshots of one training run, hold out all of them or none.`;

/** Networks that were imported without seeds have seed 0 in a store, and nothing is known of how they started. */
const areSeedsUnknown = (networks: readonly NetworkFacts[]): boolean =>
  networks.every(({ seed }) => seed === undefined) ||
  (networks.every(({ seed }) => seed === 0) && new Set(networks.map(({ epochs }) => epochs)).size === 1);

/** Measured classifiers that are no better than a guess. There are none if an architecture would have no other network. */
function namesAtChance({ networks }: ZooFacts): readonly string[] {
  const poor = networks.filter((network) => network.name !== undefined && isAtChance(network));
  const rest = new Set(networks.filter((network) => !poor.includes(network)).map(({ architecture }) => architecture));
  return poor.filter(({ architecture }) => rest.has(architecture)).map(({ name }) => name!);
}

/** Whether a classifier was measured and is no better than a guess. */
export function isAtChance({ architecture, metrics }: NetworkFacts): boolean {
  const accuracy = metrics?.['testAccuracy'];
  const classes = architecture.parameters.at(-1)?.shape[0]; // of the last layer's bias, or weight
  return architecture.purpose === 'classifier' && accuracy !== undefined && classes !== undefined && accuracy < FLOOR / classes;
}

/** Faults of the zoo itself: networks that are no better than a guess, that start alike, or of which nobody knows which is the best. */
export const zooReasons = (zoo: ZooFacts): readonly SuggestionReason[] => {
  const why = [...whyAtChance(zoo), ...whyAlike(zoo), ...whyUnmeasured(zoo)];
  return why.length === 0 ? [] : [{ option: 'zoo', why: why.join(' ') }];
};

/** Networks at chance are held out only if there are other networks. */
function whyAtChance({ networks, architectures }: ZooFacts): readonly string[] {
  const hopeless = architectures.filter((architecture) => {
    const own = networks.filter((network) => network.architecture === architecture);
    return own.length > 0 && own.every(isAtChance);
  });
  if (hopeless.length === 0) return [];
  const of = hopeless.map(({ name }) => name).join(', ');
  return [
    `All networks of ${of} are near chance: an accuracy below ${FLOOR} times that of a guess. There is nothing to learn from them. Train them for longer.`,
  ];
}

const START_ALIKE =
  'From networks with one set of initial values a space learns how they started, not what they do: digits were predicted 20 points off instead of 5.';

/** Measured with `netspace init zoo`, 48 networks of one seed each and 30 of six. */
function whyAlike({ networks, architectures }: ZooFacts): readonly string[] {
  const perSeed = architectures.map((architecture) => {
    const own = networks.filter((network) => network.architecture === architecture && network.seed !== undefined);
    return own.length / Math.max(1, new Set(own.map(({ seed }) => seed)).size);
  });
  if (Math.max(...perSeed) < 2 || areSeedsUnknown(networks)) return [];
  if (networks.every(({ seed }) => seed === 0)) {
    return [
      `All networks have seed 0, which is also what networks have that were imported without a seed. ${START_ALIKE} If the networks started from other values, all is well: a column seed in the table of zoo import --metrics tells.`,
    ];
  }
  return [
    `Several networks of an architecture share a seed, and with it their initial values. ${START_ALIKE} Give every network a seed of its own.`,
  ];
}

/** Whoever imports a table of measures may call the accuracy otherwise, and the first network, not the best, would be the start unnoticed. */
function whyUnmeasured({ networks, architectures }: ZooFacts): readonly string[] {
  const unknown = architectures.filter((architecture) => {
    const own = networks.filter((network) => network.architecture === architecture);
    return architecture.purpose === 'classifier' && own.length > 1 && own.every(({ metrics }) => metrics?.['testAccuracy'] === undefined);
  });
  if (unknown.length === 0) return [];
  return [
    `No network of ${unknown.map(({ name }) => name).join(', ')} has the measure testAccuracy, 0 to 1. So the first network stands for the best, and networks near chance are not found. In a program pass metrics: { testAccuracy } with each network. For the command import them once more with a column testAccuracy in the table for --metrics.`,
  ];
}

/** Seeds, evenly spread from the worst to the best. The other seeds still have every architecture. */
function seedsToTestOn(networks: readonly NetworkFacts[]): readonly number[] {
  if (networks.some(({ seed }) => seed === undefined)) return [];
  return spread(networks, ({ seed }) => seed!).toSorted((a, b) => a - b);
}

/** The same of single networks, where they have names and nobody knows their seeds. */
const namesToTestOn = (networks: readonly NetworkFacts[]): readonly string[] =>
  networks.some(({ name }) => name === undefined) ? [] : spread(networks, ({ name }) => name!);

/** One in six of the groups with a key, at least three of twelve, evenly spread from the worst to the best; none if an architecture would have no other network. */
function spread<Key extends string | number>(networks: readonly NetworkFacts[], keyOf: (network: NetworkFacts) => Key): readonly Key[] {
  const keys = [...new Set(networks.map(keyOf))]
    .map((key) => ({ key, merit: meanMerit(networks.filter((network) => keyOf(network) === key)) }))
    .sort((a, b) => a.merit - b.merit || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
  if (keys.length < 3) return [];
  const count = Math.max(keys.length >= OF_AT_LEAST ? LEAST : 1, Math.floor(keys.length / ONE_IN));
  const chosen = Array.from({ length: count }, (_, i) => keys[Math.floor(((i + 0.5) * keys.length) / count)]!);
  const architecturesOf = (some: readonly NetworkFacts[]) => new Set(some.map(({ architecture }) => architecture)).size;
  const left = networks.filter((network) => !chosen.includes(keyOf(network)));
  return architecturesOf(left) === architecturesOf(networks) ? chosen : [];
}

const meanMerit = (networks: readonly NetworkFacts[]): number =>
  networks.reduce((sum, { metrics = {} }) => sum + (metrics['testAccuracy'] ?? -(metrics['mse'] ?? 0)), 0) / networks.length;
