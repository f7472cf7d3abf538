/** Names the kind of a file that no reader here can read, for an error message. */
export function whatIs(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  if (bytes.length === 0) return 'an empty file';
  const known = KNOWN.find(([start]) => head.startsWith(start));
  if (known !== undefined) return known[1];
  if (/^\s*<(!doctype|html|\?xml)/i.test(head)) return 'a web page: the download failed';
  if (/^\s*[[{]/.test(head)) return 'JSON text';
  if (/^[\x08-\x0a]/.test(head) && /onnx|pytorch/i.test(head)) return 'an ONNX model';
  return OTHER;
}

/** The answer of {@link whatIs} for bytes that it does not know. */
export const OTHER = 'other bytes';

const KNOWN: readonly (readonly [start: string, is: string])[] = [
  ['version https://git-lfs', "a Git LFS pointer: fetch the file itself with 'git lfs pull'"],
  ['\x89HDF', 'an HDF5 file, such as Keras .h5'],
  ['\x93NUMPY', 'a NumPy array (.npy)'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['BZh', 'a bzip2 archive: unpack it first'],
  ['\xfd7zXZ', 'an xz archive: unpack it first'],
  ['(\xb5/\xfd', 'a zstd archive: unpack it first'],
  ['PK\x03\x04', 'a zip archive, such as a PyTorch checkpoint'],
  ['\x80', 'a pickle, such as an old PyTorch checkpoint'],
  ['GGUF', 'a GGUF file'],
  ['\x89PNG', 'a PNG picture'],
  ['\x00\x00\x00\x00\x00\x00\x00\x00', 'zeros: the file was never written to its end'],
];
