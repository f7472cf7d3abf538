import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { makeZip } from '../testing/make-zip.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { cudaRequirements } from './library.js';
import { extractTensorFlow } from './wheel.js';

const METADATA = `Metadata-Version: 2.4
Name: tensorflow_cpu
Version: 2.21.0
Requires-Dist: absl-py>=1.0.0
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"
`;
const FILES = {
  'tensorflow/libtensorflow_cc.so.2': 'library',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': '// header',
  'tensorflow/include/absl/strings/cord.h': '// not needed',
  'tensorflow/python/__init__.py': '# not needed',
};

/** A wheel with the layout of TensorFlow's and true hashes, but for the changes. */
function writeWheel(folder: string, changes: Readonly<Record<string, string>> = {}): string {
  const record = Object.entries(FILES)
    .map(([name, content]) => `${name},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}\n`)
    .join('');
  const wheel = join(folder, 'tensorflow.whl');
  const info = 'tensorflow_cpu-2.21.0.dist-info';
  writeFileSync(wheel, makeZip({ ...FILES, [`${info}/RECORD`]: record, [`${info}/METADATA`]: METADATA, ...changes }));
  return wheel;
}

describe('extractTensorFlow', () => {
  it('takes libraries and headers, and nothing else', async () => {
    const folder = temporaryFolder();
    const names: string[] = [];
    const content = await extractTensorFlow(writeWheel(folder), join(folder, 'out'), { onFile: (name) => names.push(name) });
    expect(content.version).toBe('2.21.0');
    expect(names).toEqual(Object.keys(FILES).slice(0, 3));
    expect(readFileSync(join(folder, 'out/tensorflow/include/tensorflow/c/c_api.h'), 'utf8')).toBe('// header');
    expect(existsSync(join(folder, 'out/tensorflow/python'))).toBe(false);
    expect(cudaRequirements(content.requirements)).toEqual(['nvidia-cudnn-cu12<10.0,>=9.3.0.75', 'nvidia-nccl-cu12<3.0,>=2.27.7']);
  });
  it('refuses a file that has another hash than RECORD says, or none there', async () => {
    const folder = temporaryFolder();
    const tampered = writeWheel(folder, { 'tensorflow/libtensorflow_cc.so.2': 'tampered' });
    await expect(extractTensorFlow(tampered, join(folder, 'out'))).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringMatching(/SHA-256 .* for tensorflow\/libtensorflow_cc\.so\.2/),
    });
    const added = writeWheel(folder, { 'tensorflow/include/tensorflow/c/added.h': '' });
    await expect(extractTensorFlow(added, join(folder, 'out'))).rejects.toThrow(/added\.h/);
  });
  it('refuses a wheel of something else', async () => {
    const folder = temporaryFolder();
    const wheel = join(folder, 'other.whl');
    writeFileSync(wheel, makeZip({ 'other-1.dist-info/RECORD': '', 'other-1.dist-info/METADATA': 'Version: 1\n' }));
    await expect(extractTensorFlow(wheel, join(folder, 'out'))).rejects.toThrow(/libtensorflow_cc\.so\.2 .* got others/);
    writeFileSync(wheel, makeZip({ a: 'a' }));
    await expect(extractTensorFlow(wheel, join(folder, 'out'))).rejects.toThrow(/got none/);
  });
});
