import type { InstanceStore } from '@netspace/zoo';

/** Which of some names a store has. */
export async function namesThere(store: InstanceStore, names: readonly string[]): Promise<Set<string>> {
  const there = new Set((await store.list()).map(({ name }) => name));
  return new Set(names.filter((name) => there.has(name)));
}

/** Adds to `present` those of some names that a store has by now. It asks for each name, and does not list the whole store. */
export async function lookAgain(store: InstanceStore, present: Set<string>, names: readonly string[]): Promise<void> {
  for (const name of names) if (!present.has(name) && (await store.has(name))) present.add(name);
}
