import { isAbsolute, join } from 'node:path';

import { architectureFromOnnx, type ArchitectureFromOnnxOptions } from '@netspace/onnx';
import { type Architecture, NetSpaceError } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { ofFile } from '../files/of-file.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import type { FindArchitecture } from './architectures-in.js';
import { architectureOfModel, isModelPath, MODEL_JSON } from './layers-models.js';

/** Whether a command or a config names a network, or its architecture, by an ONNX file. */
export const isGraphPath = (given: string): boolean => /\.onnx$/i.test(given);

/** Whether a command or a config names an architecture by a file: an ONNX file, or the `model.json` of a `tf.LayersModel` or its folder. No name has a slash. */
export const isArchitecturePath = (given: string): boolean => isGraphPath(given) || isModelPath(given) || /[\\/]/.test(given);

export interface NamedArchitectureOptions {
  /** The folder that a path starts from; that of the process unless given. */
  readonly from?: string;
  /** Finds what is no path; architectures of the zoo's own unless given. */
  readonly find?: FindArchitecture;
  /** How a file is read; `constants` and `parameters` are for ONNX files. */
  readonly reading?: ArchitectureFromOnnxOptions;
}

/**
 * The architecture that a command or a config names: by its name, or by a file of any of its networks, as ONNX or as a `tf.LayersModel`.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file or name; as `architectureFromOnnx` and `architectureFromLayersModel`
 */
export async function namedArchitecture(
  given: string,
  { from = '.', find = architectureByName, reading = {} }: NamedArchitectureOptions = {},
): Promise<Architecture> {
  if (!isArchitecturePath(given)) return find(given);
  const path = isAbsolute(given) ? given : join(from, given);
  if (!isGraphPath(given)) return architectureOfModel(isModelPath(given) ? path : join(path, MODEL_JSON), modelReading(reading));
  const bytes = await readRegularFile('architecture', path, FILE_LIMITS.weights).catch((error: unknown) => {
    if (!isMissing(error)) throw fileProblem('architecture', path, error);
    throw new NetSpaceError('NOT_FOUND', `expected an ONNX file at ${path}, got none; check the path`, { cause: error });
  });
  return ofFile(path, () => architectureFromOnnx(bytes, reading));
}

/** What is no classifier gives what the model gives: a softmax, or a sigmoid, at its end is no loss's business. */
const modelReading = ({ purpose }: ArchitectureFromOnnxOptions) => ({
  ...(purpose !== undefined && { purpose, ...(purpose !== 'classifier' && { outputs: 'values' as const }) }),
});

/** The name of an architecture that a command names, by its name or by a file. */
export const nameOfArchitecture = async (given: string): Promise<string> =>
  isArchitecturePath(given) ? (await namedArchitecture(given)).name : given;

/**
 * A config's architectures by their names, so that a record of it means the same wherever it lies, and those that it named by files.
 *
 * @param from the folder of the config
 * @param reading how files are read
 */
export async function withoutPaths(
  architectures: readonly string[],
  from: string,
  reading: ArchitectureFromOnnxOptions = {},
): Promise<{ readonly names: string[]; readonly given: ReadonlyMap<string, Architecture> }> {
  const given = new Map<string, Architecture>();
  const names: string[] = [];
  for (const one of architectures) {
    if (isArchitecturePath(one)) {
      const architecture = await namedArchitecture(one, { from, reading });
      given.set(architecture.name, architecture);
      names.push(architecture.name);
    } else names.push(one);
  }
  return { names, given };
}
