import { architectureFromGraphFile, graphFileOf } from '@netspace/onnx/internal';
import { type Architecture, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';
import { isModelName, modelFileOf } from '@netspace/zoo/internal';

import { filesAt } from '../files/files-at.js';
import { ofFile } from '../files/of-file.js';
import { architectureOfKeptModel } from './layers-models.js';

/** The folder, within that of a zoo or a space, of the graphs of its architectures. */
const GRAPHS = 'architectures';

/** What architectures that ONNX files gave are called: by a fingerprint of their graphs. */
const ONNX_NAME = /^onnx-[0-9a-f]{13}$/;
export const isOnnxName = (name: string): boolean => ONNX_NAME.test(name);

/** Whether an architecture may lie in a file beside its networks: an ONNX graph, or the layers of a `tf.LayersModel`. */
export const isFileName = (name: string): boolean => isOnnxName(name) || isModelName(name);

/** Finds the architecture of a name. */
export type FindArchitecture = (name: string) => Architecture;

/**
 * Finds architectures by name: those that were made of ONNX files, or of the `model.json` of a `tf.LayersModel`, and lie in a folder; and those of
 * `architectureByName`.
 *
 * The folder of a zoo, or of a space, holds the graphs of its architectures, without weights: `architectures/onnx-….onnx` and
 * `architectures/layers-model-….json`. So it can be moved anywhere. A graph is known by its fingerprint, not by the name of a file.
 *
 * @param folders of zoos and spaces; what is in none of them is looked for in the next
 * @returns a function that throws NetSpaceError `NOT_FOUND` if it knows no such name, `CORRUPT_FILE` if a graph is not that of its name
 * @throws NetSpaceError `UNAVAILABLE` if a folder or file cannot be read, or without `@tensorflow/tfjs-layers` where there is a `tf.LayersModel`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { architecturesIn, fileHandler } from '@netspace/node';
 *
 * const folder = 'pretrained/classifiers/space';
 * const space = await NetSpace.load(fileHandler(folder), { architectures: await architecturesIn(folder) });
 * ```
 */
export async function architecturesIn(...folders: readonly string[]): Promise<FindArchitecture> {
  const files = new Map<string, string>();
  const bytes = new Map<string, Uint8Array>();
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      if (files.has(name)) continue;
      files.set(name, fileOf(folder, name));
      bytes.set(name, await filesAt(folder).read(pathOf(name)));
    }
  }
  const known = new Map<string, Architecture>();
  const checked = (name: string, architecture: Architecture, file: string): void => {
    if (architecture.name !== name) {
      throw new NetSpaceError('CORRUPT_FILE', `architecturesIn: expected the graph of ${name} in ${file}, got that of ${architecture.name}; restore it from a copy`); // prettier-ignore
    }
    known.set(name, architecture);
  };
  for (const [name, path] of files) {
    if (isModelName(name)) checked(name, await architectureOfKeptModel(path, bytes.get(name)!), path);
  }
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const file = files.get(name);
    if (file !== undefined) {
      const architecture = ofFile(file, () => architectureFromGraphFile(bytes.get(name)!));
      checked(name, architecture, file);
      return architecture;
    }
    if (!isFileName(name)) return ofTheZoo(name);
    const [what, source] = isOnnxName(name) ? ['graph', 'the ONNX file'] : ['layers', 'a model.json of these layers'];
    throw new NetSpaceError(
      'NOT_FOUND',
      `architecturesIn: expected the ${what} of ${name} in ${folders.map((folder) => fileOf(folder, name)).join(' or ')}, got no such file; copy it from the zoo or space that the networks come from (netspace zoo import --architecture FILE makes a zoo with it, of ${source}); a program passes the architecture itself to NetSpace.load or openInstanceStore`,
    );
  };
}

/** An architecture of the zoo's own; a name of another says what to do with networks of one's own. */
function ofTheZoo(name: string): Architecture {
  try {
    return architectureByName(name);
  } catch (error) {
    if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new NetSpaceError('NOT_FOUND', `${error.message}; networks of another architecture need an ONNX file, or the model.json, of one of them: netspace zoo import --architecture net.onnx`, { cause: error }); // prettier-ignore
  }
}

/**
 * Puts the graphs of architectures that files gave into a folder, where they are not there. Those that somebody gave another name are left
 * out: that name would find none.
 */
export async function keepArchitectures(folder: string, architectures: readonly Architecture[]): Promise<void> {
  const there = new Set(await namesIn(folder));
  for (const architecture of architectures) {
    if (!isFileName(architecture.name) || there.has(architecture.name)) continue;
    const graph = graphFileOf(architecture) ?? modelFileOf(architecture);
    if (graph === undefined) continue;
    if (!there.has(graph.name)) await filesAt(folder).write(pathOf(graph.name), graph.bytes);
    there.add(graph.name);
  }
}

const pathOf = (name: string): string => `${GRAPHS}/${name}${isOnnxName(name) ? '.onnx' : '.json'}`;
/** For messages. */
const fileOf = (folder: string, name: string): string => `${folder}/${pathOf(name)}`;

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await filesAt(folder).list!(GRAPHS)).flatMap((file) => {
    const name = file.replace(/\.(onnx|json)$/, '');
    return isFileName(name) && pathOf(name) === `${GRAPHS}/${file}` ? [name] : [];
  });
