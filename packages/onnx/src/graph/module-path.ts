import type { NodeProto } from '../proto/messages.js';

/** A module of PyTorch: its path, such as `layer1.0.conv1`, and its class if the file says it. */
export interface Module {
  readonly path: string;
  readonly type: string;
}

/**
 * The module that a node was exported of. The older exporter writes it in the node's name (`/layer1/layer1.0/conv1/Conv`), the newer one in the
 * node's `namespace`; others write none.
 */
export function moduleOf({ name, namespace }: Pick<NodeProto, 'name' | 'namespace'>): Module | undefined {
  if (namespace !== undefined) {
    const parts = namespace.split('/').map((part) => part.split(': '));
    const [path = '', type = ''] = parts.at(-2) ?? [];
    return parts.length < 2 || path === '' ? undefined : { path, type };
  }
  if (!name.startsWith('/')) return undefined;
  const scopes = name.split('/').slice(1, -1);
  if (scopes.length === 0) return undefined;
  const path: string[] = [];
  for (const scope of scopes) {
    // A child of a container repeats the container's name: `layer1/layer1.0`.
    const last = path.at(-1);
    if (last !== undefined && scope.startsWith(`${last}.`)) path.pop();
    path.push(scope);
  }
  return { path: path.join('.'), type: '' };
}

/** The state dict's names in what the newer exporter says of a graph: `p_fc_weight: PARAMETER target='fc.weight'`. */
const SIGNATURE = /: (?:PARAMETER|BUFFER) target='([^']*)'(?! persistent=False)/g;

/** All names of the state dict that PyTorch's newer exporter lists; nothing for other files. */
export function stateNamesIn(signature: string | undefined): ReadonlySet<string> | undefined {
  const listed = signature === undefined ? [] : [...signature.matchAll(SIGNATURE)].map((match) => match[1]!);
  return listed.length === 0 ? undefined : new Set(listed);
}

/** Exporters whose names are their own: there is no state dict, and what counts up counts on in the next file. */
const WITHOUT_STATE_DICT: ReadonlySet<string> = new Set(['tf2onnx', 'jax2onnx']);

/** Whether the values of a file may have names of a state dict. */
export const hasStateDict = (producer: string): boolean => !WITHOUT_STATE_DICT.has(producer);

/** Whether a value's name may be one of the state dict, by its form. */
export const looksOwn = (name: string): boolean =>
  /^([A-Za-z_]\w*|\d+(?=\.))(\.\w+)*$/.test(name) && !/^(val|_val|constant|Constant)_\d+$/.test(name);
