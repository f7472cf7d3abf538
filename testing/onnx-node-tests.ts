import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** One of ONNX's backend node tests: a model and what it makes of some inputs, each a `TensorProto`. */
export interface NodeTest {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

const FILE = new URL('../packages/onnx/fixtures/node-tests/cases.bin.br', import.meta.url);

/** The cases that `testing/onnx/pack-node-tests.py` packed. */
export function nodeTests(bytes: Uint8Array = brotliDecompressSync(readFileSync(FILE))): readonly NodeTest[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const count = (): number => view.getUint32((at += 4) - 4, true);
  const block = (): Uint8Array => {
    const size = count();
    return bytes.subarray(at, (at += size));
  };
  const blocks = (many: number): Uint8Array[] => Array.from({ length: many }, block);
  const tests: NodeTest[] = [];
  while (at < bytes.length) {
    const [name, model, inputs, outputs] = [new TextDecoder().decode(block()), block(), count(), count()];
    tests.push({ name, model, inputs: blocks(inputs), outputs: blocks(outputs) });
  }
  return tests;
}
