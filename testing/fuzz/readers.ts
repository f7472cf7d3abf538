import { configReaders } from './readers/config-readers.js';
import { foreignZooReaders } from './readers/foreign-zoo-readers.js';
import type { Readers } from './readers/fuzz-reader.js';
import { imageReaders } from './readers/image-readers.js';
import { meshReaders } from './readers/mesh-readers.js';
import { onnxReaders } from './readers/onnx-readers.js';
import { spaceReaders } from './readers/space-readers.js';
import { storeReaders } from './readers/store-readers.js';
import { weightReaders } from './readers/weight-readers.js';

/** Every reader of what anybody may have written, by name. */
export const READERS: Readers = {
  ...weightReaders,
  ...onnxReaders,
  ...meshReaders,
  ...imageReaders,
  ...storeReaders,
  ...foreignZooReaders,
  ...spaceReaders,
  ...configReaders,
};
