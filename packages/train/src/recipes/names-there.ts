import type { InstanceStore } from '@netspace/zoo';

/** Which of some names a store has. */
export interface NamesThere {
  /** Those that were there when it was looked last, and those that whoever has this has added since. */
  readonly present: Set<string>;
  /** Looks again: another builder may have added some. It costs one look, however many names there are. */
  readonly look: () => Promise<void>;
}

export async function namesThere(store: InstanceStore, names: readonly string[]): Promise<NamesThere> {
  const wanted = new Set(names);
  const present = new Set<string>();
  let seen = 0;
  const look = async (): Promise<void> => {
    const records = await store.list();
    if (records.length < seen) seen = 0; // another zoo has taken its place
    for (const { name } of records.slice(seen)) if (wanted.has(name)) present.add(name); // a zoo grows at its end
    seen = records.length;
  };
  await look();
  return { present, look };
}
