import type { randomAt } from '@netspace/train/internal';

import type { FileSystem, OpenFile } from '../../packages/node/src/files/file-system.js';

type Random = ReturnType<typeof randomAt>;

/** What every operation ends with once the power has failed. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/** A file system in memory that a loss of power takes everything from that was not flushed. Paths are absolute. */
export interface UnsyncedDisk extends FileSystem {
  /** Operations so far. */
  operations(): number;
  /**
   * The disk when power is back: what was flushed is there. Of each file that was written since, the old bytes, the new ones, a part of
   * the new ones, zeros in their place, or some of both; of the names that were made, changed or removed in a folder since, any.
   */
  afterPowerCut(random: Random): UnsyncedDisk;
  /** Lets the power fail at an operation to come. */
  failAfter(operations: number): void;
}

interface File {
  readonly kind: 'file';
  bytes: Uint8Array;
  flushed: Uint8Array;
}

interface Folder {
  readonly kind: 'folder';
  readonly names: Map<string, Node>;
  /** Names that are on the disk, and what was done since, in order. */
  flushed: Map<string, Node>;
  pending: Change[];
}

type Node = File | Folder;

interface Change {
  readonly set?: readonly [name: string, node: Node];
  readonly remove?: string;
}

const newFolder = (names: ReadonlyMap<string, Node> = new Map()): Folder => ({
  kind: 'folder',
  names: new Map(names),
  flushed: new Map(names),
  pending: [],
});

const refusal = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

/** An empty disk, with power. */
export function unsyncedDisk(root = newFolder()): UnsyncedDisk {
  let count = 0;
  let failsAt = Infinity;
  /** Runs an operation, unless the power is off. */
  const operation = <T>(run: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (++count >= failsAt) throw new PowerCut(`operation ${count}`);
      resolve(run());
    });
  const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
  const find = (path: string): Node | undefined => {
    let at: Node | undefined = root;
    for (const part of partsOf(path)) at = at?.kind === 'folder' ? at.names.get(part) : undefined;
    return at;
  };
  const existing = (path: string): Node => {
    const node = find(path);
    if (node === undefined) throw refusal('ENOENT', path);
    return node;
  };
  const existingFile = (path: string): File => {
    const node = existing(path);
    if (node.kind === 'folder') throw refusal('EISDIR', path);
    return node;
  };
  const parentOf = (path: string): { readonly folder: Folder; readonly name: string } => {
    const parts = partsOf(path);
    const folder = existing(parts.slice(0, -1).join('/'));
    if (folder.kind === 'file') throw refusal('ENOTDIR', path);
    return { folder, name: parts.at(-1)! };
  };
  const change = (folder: Folder, made: Change): void => {
    apply(folder.names, made);
    folder.pending.push(made);
  };
  return {
    operations: () => count,
    open: (path, flags) =>
      operation(() => {
        const node = find(path);
        if (flags === 'wx' && node !== undefined) throw refusal('EEXIST', path);
        if (node !== undefined) return handleOf(node, operation);
        if (flags === 'r' || flags === 'r+') throw refusal('ENOENT', path);
        const file: File = { kind: 'file', bytes: new Uint8Array(), flushed: new Uint8Array() };
        const { folder, name } = parentOf(path);
        change(folder, { set: [name, file] });
        return handleOf(file, operation);
      }),
    readFile: (path) => operation(() => existingFile(path).bytes.slice()),
    readRange: (path, { begin, end }) => operation(() => existingFile(path).bytes.slice(begin, end)),
    mkdir: (path) =>
      operation(() => {
        const parts = partsOf(path);
        let first: string | undefined;
        for (let length = 1; length <= parts.length; length++) {
          const at = `/${parts.slice(0, length).join('/')}`;
          if (find(at) !== undefined) continue;
          const { folder, name } = parentOf(at);
          change(folder, { set: [name, newFolder()] });
          first ??= at;
        }
        return first;
      }),
    readdir: (path) =>
      operation(() => {
        const node = existing(path);
        if (node.kind === 'file') throw refusal('ENOTDIR', path);
        return [...node.names.keys()];
      }),
    stat: (path) =>
      operation(() => {
        const node = existing(path);
        const size = node.kind === 'file' ? node.bytes.length : 0;
        return { mtimeMs: Date.now(), size, isDirectory: () => node.kind === 'folder' };
      }),
    link: (from, to) =>
      operation(() => {
        if (find(to) !== undefined) throw refusal('EEXIST', to);
        const { folder, name } = parentOf(to);
        change(folder, { set: [name, existingFile(from)] });
      }),
    rename: (from, to) =>
      operation(() => {
        const [source, target] = [parentOf(from), parentOf(to)];
        if (source.folder !== target.folder) throw refusal('EXDEV', to); // ours stay in one folder
        change(source.folder, { remove: source.name, set: [target.name, existing(from)] });
      }),
    rm: (path) =>
      operation(() => {
        if (find(path) === undefined) return;
        const { folder, name } = parentOf(path);
        change(folder, { remove: name });
      }),
    afterPowerCut: (random) => unsyncedDisk(survived(root, random, new Map()) as Folder),
    failAfter: (operations) => void (failsAt = count + operations),
  };
}

function handleOf(node: Node, operation: <T>(run: () => T) => Promise<T>): OpenFile {
  const inFile = <T>(run: (file: File) => T): Promise<T> =>
    operation(() => {
      if (node.kind === 'folder') throw refusal('EISDIR', '');
      return run(node);
    });
  return {
    truncate: (length) => inFile((file) => void (file.bytes = file.bytes.slice(0, length))),
    write: (bytes, offset, length, position) =>
      inFile((file) => {
        const part = bytes.subarray(offset, offset + Math.ceil(length / 2)); // as a system may
        const after = new Uint8Array(Math.max(file.bytes.length, position + part.length));
        after.set(file.bytes);
        after.set(part, position);
        file.bytes = after;
        return { bytesWritten: part.length };
      }),
    stat: () => inFile((file) => ({ size: file.bytes.length })),
    writeFile: (bytes) =>
      inFile((file) => void (file.bytes = Buffer.concat([file.bytes, typeof bytes === 'string' ? Buffer.from(bytes) : bytes]))),
    sync: () =>
      operation(() => {
        if (node.kind === 'file') node.flushed = node.bytes.slice();
        else [node.flushed, node.pending] = [new Map(node.names), []];
      }),
    close: () => operation(() => undefined),
  };
}

function apply(names: Map<string, Node>, { set, remove }: Change): void {
  if (remove !== undefined) names.delete(remove);
  if (set !== undefined) names.set(...set);
}

/** What is left of a file or folder; a file with two names stays one. */
function survived(node: Node, random: Random, known: Map<Node, Node>): Node {
  const before = known.get(node);
  if (before !== undefined) return before;
  if (node.kind === 'file') {
    const bytes = survivedBytes(node, random);
    const file: File = { kind: 'file', bytes, flushed: bytes };
    known.set(node, file);
    return file;
  }
  const names = new Map(node.flushed);
  const luck = random.below(4); // none, all, or each by itself
  for (const change of node.pending) if (luck === 1 || (luck > 1 && random.below(2) === 0)) apply(names, change);
  return newFolder(new Map([...names].map(([name, child]) => [name, survived(child, random, known)])));
}

function survivedBytes({ bytes, flushed }: File, random: Random): Uint8Array {
  if (Buffer.from(bytes).equals(flushed)) return flushed;
  const shorter = Math.min(bytes.length, flushed.length);
  let same = 0; // what was written again is the same up to here, and is on the disk
  while (same < shorter && bytes[same] === flushed[same]) same++;
  const cut = same + random.below(bytes.length - same + 1);
  const mixed = Buffer.concat([bytes.slice(0, cut), flushed.slice(cut)]);
  return [flushed, bytes, bytes.slice(0, cut), new Uint8Array(bytes).fill(0, cut), flushed.slice(0, same), mixed][random.below(6)]!;
}
