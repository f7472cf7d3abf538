import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { instanceNameOf } from '@netspace/train/internal';

import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';
import { fileProblem, isMissing } from '../../files/file-problem.js';
import { finiteOnly, type FilesOf, type FoundNetwork, type FoundZoo, seedOrNone, type ZooSource } from '../found-network.js';
import { readTensors } from '../read-tensors.js';

/** Weights, in the order in which they are preferred. */
const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];
const SPLIT = /\.index\.json$/;

/** Models as Hugging Face's Hub has them: one folder a network, with `config.json`, weights and a card, `README.md`. */
export async function huggingFace({ folder }: ZooSource, filesOf: FilesOf): Promise<FoundZoo> {
  const all = await filesOf();
  const there = new Set(all);
  const folders = all
    .filter((path) => path === 'config.json' || path.endsWith('/config.json'))
    .map((path) => path.slice(0, -'config.json'.length));
  const networks: FoundNetwork[] = [];
  const licenses = new Set<string>();
  for (const below of folders) {
    const weights = WEIGHTS.find((name) => there.has(below + name));
    if (weights === undefined) {
      const isSplit = all.some((path) => path.startsWith(below) && SPLIT.test(path));
      const got = isSplit
        ? 'weights in several files; save them as one, with save_pretrained(max_shard_size="100GB")'
        : 'neither; download the weights, too';
      throw new NetSpaceError('UNSUPPORTED', `zoo import: expected ${WEIGHTS.join(' or ')} in ${join(folder, below)}, got ${got}`);
    }
    const place = join(folder, below, weights);
    const { epochs = 0, seed, num_train_epochs: length = epochs } = await configOf(join(folder, below, 'config.json'));
    const license = await licenseOf(join(folder, below, 'README.md'));
    if (license !== undefined) licenses.add(license);
    const name = instanceNameOf(below.slice(0, -1).replaceAll('/', '-') || 'model', 'model');
    networks.push({
      name,
      place,
      epochs: Math.max(0, length),
      seed: seedOrNone(seed),
      metrics: {},
      tensors: () => readTensors(place),
    });
  }
  const said =
    licenses.size === 0 ? ['no card says under which license the weights are'] : [`the cards say: license ${[...licenses].join(', ')}`];
  return { layout: 'hugging-face', said, networks };
}

async function configOf(path: string): Promise<Readonly<Record<string, number>>> {
  try {
    const bytes = await readRegularFile('zoo import', path, FILE_LIMITS.json);
    return finiteOnly(Object(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected JSON in ${path}, got something else`, { cause: error }); // prettier-ignore
    throw fileProblem('zoo import', path, error);
  }
}

/** What the head of a card says. */
async function licenseOf(path: string): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await readRegularFile('zoo import', path, FILE_LIMITS.json));
    const head = /^---\r?\n([^]*?)\r?\n---/.exec(text)?.[1];
    return head === undefined ? undefined : /^license:\s*["']?([\w .+-]{1,60})/m.exec(head)?.[1]?.trim();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileProblem('zoo import', path, error);
  }
}
