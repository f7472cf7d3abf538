import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkpointFile, directoryFiles, fileHandler } from '@netspace/node';
import { openInstanceStore, recoverInstances } from '@netspace/zoo';

import { readCheckpoint } from '../../packages/train/src/checkpoint/checkpoint.js';
import { addTo, inFolder, refusalOf } from './in-folder.js';
import { resultOf, spaceWork } from './kills.js';
import { tinySpace, tinyZoo } from './tiny-runs.js';
import type { TrialOptions, Trials } from './trial.js';

/** A checkpoint cut at lengths spread over all it has: none is taken for whole, and the whole one goes on to the same bits. */
export const truncatedCheckpoints = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinySpace(join(folder, 'whole'), { steps: 6 });
    await tinySpace(join(folder, 'cut'), { steps: 4 });
    const path = join(folder, 'cut', 'checkpoint.safetensors');
    const bytes = await readFile(path);
    for (let i = 0; i < tries; i++) {
      const length = Math.floor((i * bytes.length) / tries);
      await writeFile(path, bytes.subarray(0, length));
      const got = await refusalOf(() =>
        i % 50 === 0 ? tinySpace(join(folder, 'cut'), { steps: 6 }) : readCheckpoint(checkpointFile(path)),
      );
      if (got !== 'CORRUPT_FILE') lost.push(`checkpoint of ${length} bytes of ${bytes.length}: ${got}`);
    }
    await writeFile(path, bytes);
    await tinySpace(join(folder, 'cut'), { steps: 6 });
    if ((await resultOf(spaceWork, join(folder, 'cut'))) !== (await resultOf(spaceWork, join(folder, 'whole'))))
      lost.push('another result');
    return { tried: tries, lost };
  });

/** Each file of a zoo cut at lengths spread over all that it has. */
export const truncatedZoos = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinyZoo(folder, { count: 2 });
    const store = openInstanceStore(directoryFiles(folder));
    const [first] = await store.list();
    const files = [first!.file, 'manifest.json', 'index/000000.jsonl'];
    for (const [place, file] of files.entries()) {
      const share = Math.floor((tries + place) / files.length);
      const bytes = await readFile(join(folder, file));
      for (let i = 0; i < share; i++) {
        const length = Math.floor((i * (bytes.length - 1)) / share); // without its last line end a manifest is whole
        await writeFile(join(folder, file), bytes.subarray(0, length));
        const got = await refusalOf(() => openInstanceStore(directoryFiles(folder)).load('box-1'));
        if (got !== 'CORRUPT_FILE') lost.push(`${file} of ${length} bytes: ${got}`);
        const added = await refusalOf(() => addTo(folder, 'more'));
        if (added !== 'CORRUPT_FILE') lost.push(`${file} of ${length} bytes: ${added} when it is added to`);
      }
      await writeFile(join(folder, file), bytes);
    }
    if ((await store.verify()).length > 0) lost.push('not whole again');
    return { tried: tries, lost };
  });

/** Whole files without the file that says what they are, or the other way round. */
export const copiedWithoutMarker = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    const [zoo, run] = [join(folder, 'zoo'), join(folder, 'run')];
    await tinyZoo(zoo, { count: 2 });
    await tinySpace(run, { steps: 2 });
    const weights = (await readdir(run)).find((name) => name.endsWith('.bin'))!;
    const expect = (what: string, got: unknown, wanted: unknown): void => {
      if (JSON.stringify(got) !== JSON.stringify(wanted)) lost.push(`${what}: ${JSON.stringify(got)}`);
    };
    const shared = { results: ['index/000000.jsonl', 'shards/000000.bin'] };
    const cases = [
      async (to: string) => {
        for (const name of ['shards', 'index']) await cp(join(zoo, name), join(to, name), { recursive: true });
        const before = await resultOf(shared, to);
        expect('networks without a manifest', await refusalOf(() => openInstanceStore(directoryFiles(to)).list()), 'CORRUPT_FILE');
        expect('built over them', await refusalOf(() => tinyZoo(to, { count: 2 })), 'CORRUPT_FILE');
        expect('changed', await resultOf(shared, to), before);
        const { names, lost: gone } = await recoverInstances(directoryFiles(to), directoryFiles(join(to, 'new')));
        expect('recovered', [names, gone], [['box-0', 'box-1'], []]);
        expect('not what it was', await resultOf(shared, join(to, 'new')), before);
        await cp(join(zoo, 'manifest.json'), join(to, 'manifest.json'));
        expect('not whole again', await openInstanceStore(directoryFiles(to)).verify(), []);
      },
      async (to: string) => {
        await cp(join(zoo, 'manifest.json'), join(to, 'manifest.json'));
        const store = openInstanceStore(directoryFiles(to));
        expect('a manifest without an index', await refusalOf(() => store.verify()), 'CORRUPT_FILE');
        expect('added to', await refusalOf(() => addTo(to, 'more')), 'CORRUPT_FILE');
        await cp(join(zoo, 'index'), join(to, 'index'), { recursive: true });
        expect('an index without networks', (await store.verify()).length, 3); // two networks, and the shard
        expect('loaded', await refusalOf(() => store.load('box-0')), 'NOT_FOUND');
        expect('added to', await refusalOf(() => addTo(to, 'more')), 'CORRUPT_FILE');
      },
      async (to: string) => {
        await cp(join(run, weights), join(to, weights));
        expect('weights without a space', await refusalOf(() => fileHandler(to).load!()), 'NOT_FOUND');
      },
      async (to: string) => {
        await cp(join(run, 'space.json'), join(to, 'space.json'));
        expect('a space without weights', await refusalOf(() => fileHandler(to).load!()), 'NOT_FOUND');
      },
      async (to: string) => {
        await cp(join(run, 'checkpoint.safetensors'), join(to, 'checkpoint.safetensors'));
        expect('the checkpoint of another run', await refusalOf(() => tinySpace(to, { steps: 4, seed: 9 })), 'INVALID_OPTION');
      },
    ];
    for (let i = 0; i < tries; i++) {
      const to = join(folder, String(i));
      await mkdir(to);
      await cases[i % cases.length]!(to);
    }
    return { tried: tries, lost };
  });
