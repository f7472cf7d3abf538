import { deflateSync, gzipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readCheckpoint } from './checkpoint/read-checkpoint.js';
import { readSafetensors } from './safetensors/safetensors.js';

const latin = (text: string): Uint8Array => strToU8(text, true);

describe('readCheckpoint on files of other kinds', () => {
  it.each<[Uint8Array, string]>([
    [new Uint8Array(), 'an empty file'],
    [
      latin('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n'),
      "a Git LFS pointer: fetch the file itself with 'git lfs pull'",
    ],
    [latin('\n <!DOCTYPE html><title>404</title>'), 'a web page: the download failed'],
    [latin('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), 'a web page: the download failed'],
    [latin(' {"error": "Repository not found"}'), 'JSON text'],
    [latin('[1, 2]'), 'JSON text'],
    [latin('\x08\x08\x12\x07pytorch\x1a\x05'), 'an ONNX model'],
    [latin('\x93NUMPY\x01\x00v\x00{}'), 'a NumPy array (.npy)'],
    [gzipSync(latin('w')), 'a gzip archive: unpack it first'],
    [latin('GGUF\x03\x00\x00\x00'), 'a GGUF file'],
    [new Uint8Array(100), 'zeros: the file was never written to its end'],
    [deflateSync(latin('weights')), 'other bytes'],
    [latin('\x08not a model'), 'other bytes'],
  ])('says what they are: %#', (bytes, is) => {
    expect(() => readCheckpoint(bytes)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: `readCheckpoint: expected safetensors or a PyTorch checkpoint, got ${is}; save the weights as safetensors`,
      }),
    );
  });
});

describe('readSafetensors on files of other kinds', () => {
  it.each<[Uint8Array, RegExp]>([
    [
      latin('PK\x03\x04\x00\x00\x08\x08\x00\x00'),
      /expected a safetensors file, got a zip archive, such as a PyTorch checkpoint; check the path$/,
    ],
    [latin('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P'), /got a pickle, such as an old PyTorch checkpoint; check the path$/],
    [latin('<!DOCTYPE html><title>404</title>'), /got a web page: the download failed; check the path$/],
    [deflateSync(latin('weights')), /bytes of header, got \d+ bytes; the file is damaged or not safetensors$/],
  ])('says what they are: %#', (bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
});
