import { accuracy, bestOfEach, type LabeledDataset, type StoredInstance } from '@netspace/zoo';

/** Inputs that a network is looked at on: enough to tell a good network from one that guesses. */
const LIMIT = 100;
/** Three standard errors of an accuracy on so many inputs, and what a network may lose elsewhere. */
const MISSING = 0.15 + 0.1;

/**
 * A warning before a space is trained for nothing: the best network of an architecture is right on far fewer of the inputs than its zoo says.
 * They are then others than those of its training, or are scaled in another way. Undefined if all is well, or nothing is known.
 */
export async function otherInputs(
  entries: readonly StoredInstance[],
  dataset: LabeledDataset,
  output?: string,
): Promise<string | undefined> {
  for (const { name, instance, record } of bestOfEach(entries)) {
    const said = record.metrics['testAccuracy'];
    if (said === undefined) continue;
    const found = await accuracy(instance, dataset, { limit: LIMIT, ...(output !== undefined && { output }) });
    if (said - found <= MISSING) continue;
    const [percent, limit] = [(share: number) => `${(100 * share).toFixed(0)} %`, Math.min(LIMIT, dataset.count)];
    return `warning: ${name} has testAccuracy ${percent(said)} in the zoo, but is right on ${percent(found)} of ${limit} inputs of ${dataset.name}; they are probably scaled in another way than in its training (mean and std), and the space would be learned on inputs that the networks do not know`;
  }
  return undefined;
}
