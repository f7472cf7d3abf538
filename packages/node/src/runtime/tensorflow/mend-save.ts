import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { fileProblem } from '../../files/file-problem.js';

/**
 * Lets `model.save('file://a/b')` make the folder `a` too. tfjs-node 4.22, whose `file://` handler is used once it is loaded, makes only
 * `b` and otherwise fails with a bare ENOENT; our own handler makes both. Call after it has loaded.
 */
export function mendSave(): void {
  const handlers: unknown[] = tf.io.getSaveHandlers('file://any');
  const prototype: unknown = handlers.length === 1 ? Object.getPrototypeOf(handlers[0]) : undefined;
  if (!isSaving(prototype)) return; // an unknown version of tfjs-node
  const { save } = prototype;
  prototype.save = async function (artifacts) {
    if (typeof this.path === 'string') await makeParent(this.path);
    return save.call(this, artifacts);
  };
}

async function makeParent(folder: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
  } catch (error) {
    throw fileProblem('model.save', folder, error);
  }
}

type Save = (this: Saving, artifacts: tf.io.ModelArtifacts) => Promise<tf.io.SaveResult>;

interface Saving {
  readonly path?: unknown;
  save: Save;
}

const isSaving = (value: unknown): value is Saving =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'save') && value.constructor.name === 'NodeFileSystem';
