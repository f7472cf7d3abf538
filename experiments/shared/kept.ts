import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Context } from './experiment.js';
import { readJson } from './read-json.js';
import { hashOf, plain } from './settings-hash.js';

/** What `make` returns, as JSON; made once for the same settings and then read from `kept/NAME-HASH.json` of `context.work`. */
export function kept<T>(
  context: Context,
  { name, settings }: { readonly name: string; readonly settings: unknown },
  make: () => Promise<T>,
): Promise<T> {
  const id = `${name}-${hashOf(plain({ settings, seed: context.seed, stepsLimit: context.stepsLimit }))}`;
  const folder = join(context.work, 'kept');
  const path = join(folder, `${id}.json`);
  return context.stage(`kept-${id}`, async () => {
    const found = await readJson<T>(path);
    if (found !== undefined) return found;
    const made = await make();
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(made));
    await rename(`${path}.new`, path);
    return made;
  });
}
