import type { ConfigExample } from '../../config/read-config-file.js';

/** The shortest configs that work, and the commands that write longer ones. They stand in messages and in the help. */
export const SHORTEST = {
  zoo: {
    config: '{ "data": "mnist", "groups": [{ "architecture": "lenet-like-1x28x28-10-w0.25", "seeds": 2, "lengths": [0.5, 1] }] }',
    command: 'init zoo',
  },
  shapes: { config: '{ "kind": "shapes", "meshes": "my-meshes" }', command: 'init shapes' },
  seats: { config: '{ "kind": "shapes", "seats": { "count": 20, "seed": 0 } }', command: 'init shapes --seats 20' },
  fields: { config: '{ "kind": "fields", "fields": "my-pictures" }', command: 'zoo build --help' },
  space: { config: '{ "zoo": "zoo", "data": "mnist", "steps": 3000 }', command: 'init space --zoo DIR' },
  spaceOfShapes: { config: '{ "zoo": "shapes-zoo", "task": { "kind": "sdf" }, "steps": 3000 }', command: 'init space --zoo DIR' },
} as const;

type Given = Readonly<Record<string, unknown>>;

/** The shortest recipe of the kind that somebody began to write. */
export function shortestRecipe(given: Given): ConfigExample {
  if ('seats' in given) return SHORTEST.seats;
  if ('fields' in given || given['kind'] === 'fields') return SHORTEST.fields;
  return 'kind' in given || 'meshes' in given ? SHORTEST.shapes : SHORTEST.zoo;
}

/** The shortest config of a space of the kind that somebody began to write. */
export function shortestSpace({ task }: Given): ConfigExample {
  const isShapes = typeof task === 'object' && task !== null && 'kind' in task && task.kind === 'sdf';
  return isShapes ? SHORTEST.spaceOfShapes : SHORTEST.space;
}
