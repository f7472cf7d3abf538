import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The kinds of config for which the package holds a JSON Schema. */
export type ConfigKind = 'zoo' | 'shapes' | 'space' | 'sweep';

/** The JSON Schema of a kind of config, in this package. */
export const schemaFile = (kind: ConfigKind): string =>
  join(dirname(createRequire(import.meta.url).resolve('@netspace/node/package.json')), 'schemas', `${kind}.schema.json`);

/**
 * What `$schema` says in a config: a relative path if the package is installed in the project of the config, so that it holds for everybody
 * who installs the project; else the place where it is on this machine.
 */
export function schemaReference(kind: ConfigKind, configFile: string): string {
  const schema = schemaFile(kind);
  const folder = dirname(resolve(configFile));
  const [project] = schema.split(`${sep}node_modules${sep}`);
  const isInProject = project !== schema && `${folder}${sep}`.startsWith(`${project!}${sep}`);
  if (!isInProject) return pathToFileURL(schema).href;
  const path = relative(folder, schema).replaceAll(sep, '/');
  return path.startsWith('.') ? path : `./${path}`;
}
