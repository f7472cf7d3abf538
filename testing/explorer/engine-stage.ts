import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ExplorerManifest } from '@netspace/explorer';
import { readSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { registerFileHandler } from '@netspace/node';
import { architectureByName, createImageDataset, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

import type { Opened, Place } from '../../packages/explorer/src/worker/messages/protocol.js';
import { buildExplorer } from './built-explorer.js';
import { type DrivenEngine, drivenEngine } from './driven-engine.js';
import { writeDigitsFolder } from './folder.js';

export const pretrained = fileURLToPath(new URL('../../pretrained', import.meta.url));

export const at = (name: string): Place => ({ at: 'network', name });

/** The engine in a page of Chromium, built once for a suite, with a folder of digits and those of `pretrained` to open. */
export interface EngineStage extends Pick<DrivenEngine, 'outcome' | 'call'> {
  readonly engine: DrivenEngine;
  readonly page: Page;
  readonly folder: string;
  readonly digits: ExplorerManifest;
  open(name: string): Promise<Opened>;
  /** The folder's space and sample, read by Node. */
  inNode(): Promise<{ readonly space: NetSpace; readonly dataset: ImageDataset }>;
  embeddingRow(row: number): Promise<Float32Array>;
}

/** Registers with the suite that calls it: builds the engine and writes the folder before its tests, and asks after them whether the page complained. */
export function engineStage(): EngineStage {
  let [engine, folder, digits]: [DrivenEngine?, string?, ExplorerManifest?] = [];
  beforeAll(async () => {
    await tf.setBackend('cpu');
    registerFileHandler();
    folder = await mkdtemp(join(tmpdir(), 'netspace-explorer-'));
    [digits] = await Promise.all([writeDigitsFolder(join(folder, 'digits')), buildExplorer('engine', join(folder, 'page'))]);
    engine = await drivenEngine(join(folder, 'page'), [folder, pretrained]);
  });
  afterAll(async () => {
    const complaints = engine?.complaints ?? [];
    await engine?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
    expect(complaints).toEqual([]);
  });
  const given = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('engineStage: expected to be within a test, after the suite has begun');
    return value;
  };
  const tensorsOf = async (file: string) => readSafetensors(await readFile(join(stage.folder, 'digits', file))).tensors;
  const stage: EngineStage = {
    get engine() {
      return given(engine);
    },
    get page() {
      return given(engine).page;
    },
    get folder() {
      return given(folder);
    },
    get digits() {
      return given(digits);
    },
    outcome: (...asked) => stage.engine.outcome(...asked),
    call: (...asked) => stage.engine.call(...asked),
    open: (name) => stage.call('open', { source: `${stage.engine.address}${name}/`, runtime: 'wasm' }),
    async inNode() {
      const space = await NetSpace.load(`file://${join(stage.folder, 'digits/space')}`, { architectures: architectureByName });
      const tensors = await tensorsOf('sample.safetensors');
      const { mean, std } = stage.digits.sample!;
      const [images, labels] = [tensors.get('images')!.data as Uint8Array, tensors.get('labels')!.data as Uint8Array];
      return { space, dataset: createImageDataset({ name: 'x', images, labels, shape: [28, 28, 1], classes: 10, mean, std }) };
    },
    async embeddingRow(row) {
      const { data, shape } = (await tensorsOf('embeddings.safetensors')).get('embeddings')!;
      return (data as Float32Array).slice(row * shape[1]!, (row + 1) * shape[1]!);
    },
  };
  return stage;
}
