import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { checkOutput } from '../../../files/check-output.js';
import { encodeJobs } from '../../../jobs/works/encode-jobs.js';
import { action, type CommandContext } from '../../command-context.js';
import { writeEmbeddings } from '../../files/embedding-file.js';
import { FREE_STEPS, noteFreeEmbeddings } from '../../files/free-embeddings.js';
import { openSpace } from '../../files/open-space.js';
import { addWorkOptions, workArguments, type WorkOptions } from '../../options/work-options.js';
import { counted } from '../../output/counted.js';
import { runWork } from '../../work/run-work.js';

interface Options extends WorkOptions {
  readonly space: string;
  readonly out: string;
  readonly instance?: readonly string[];
}

/** `netspace zoo encode DIR --space DIR --out FILE`: the embedding of each network of a zoo, made by any number of processes and machines. */
export function addZooEncode(zoo: Command): void {
  addWorkOptions(
    zoo
      .command('encode')
      .description('encode the networks of a zoo into one file of embeddings; run it again to go on where it was stopped')
      .argument('<dir>', 'folder of the zoo, or s3://BUCKET/PATH')
      .requiredOption('--space <dir>', 'folder of the space')
      .requiredOption('--out <file>', 'safetensors file of the embeddings, as netspace encode writes it')
      .option('--instance <name...>', 'only these networks: names, or parts that only one name has'),
  ).action(action(({ args, command, context }) => encode(args[0]!, command.opts<Options>(), context)));
}

async function encode(zoo: string, { space: folder, out, instance, ...options }: Options, context: CommandContext): Promise<void> {
  await checkOutput('--out', out, 'file');
  const runtime = await context.startRuntime();
  const space = await openSpace(folder, context, [zoo]);
  await noteFreeEmbeddings(folder, { how: `${context.netspace} encode --refine ${FREE_STEPS} refines them` }, context);
  const again = ['zoo', 'encode', zoo, '--space', folder, '--out', out, ...(instance ? ['--instance', ...instance] : [])];
  const networks = await runWork(
    async () => ({ jobs: await encodeJobs(zoo, { kind: 'encode', space: folder, instance }, { space, ...context }), present: new Set() }),
    async (bytes) => {
      const { embeddingSize } = space.config;
      const values = new Float32Array(bytes.size * embeddingSize);
      const rows = new Uint8Array(values.buffer);
      [...bytes.values()].forEach((row, i) => rows.set(row, 4 * embeddingSize * i));
      const embeddings = tf.tensor2d(values, [bytes.size, embeddingSize]);
      await writeEmbeddings(out, { names: [...bytes.keys()], embeddings }, space).finally(() => embeddings.dispose());
      return bytes.size;
    },
    {
      ...{ zoo, kind: 'encode', source: { kind: 'encode', space: folder, instance } },
      options,
      runtime,
      context,
      again: [...again, ...workArguments(options)],
    },
  );
  context.print({ zoo, file: out, networks, embeddingSize: space.config.embeddingSize }, () => `${counted(networks, 'network')} in ${out}`);
}
