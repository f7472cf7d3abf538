import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';

/** A property of each element: one number or a list of numbers. */
export interface PlyProperty {
  readonly name: string;
  readonly type: PlyType;
  /** The type of a list's length; undefined if the property is one number. */
  readonly countType: PlyType | undefined;
}

export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
}

export interface PlyHeader {
  readonly format: 'ascii' | 'binary_little_endian' | 'binary_big_endian';
  readonly elements: readonly PlyElement[];
  /** Bytes up to the data. */
  readonly length: number;
  /** Lines up to the data. */
  readonly lines: number;
}

export type PlyType = keyof typeof PLY_SIZES;

/** Bytes of each type; the older names are read as the newer ones. */
export const PLY_SIZES = { int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 } as const;

const OLD_NAMES: Readonly<Record<string, PlyType>> = {
  char: 'int8',
  uchar: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  int: 'int32',
  uint: 'uint32',
  float: 'float32',
  double: 'float64',
};

const HEADER_BYTES = 65_536;

/** Reads the lines up to `end_header`. Counts are checked against the limits and against the number of bytes in the file. */
export function readPlyHeader(bytes: Uint8Array, limits: MeshLimits, source: MeshSource): PlyHeader {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_BYTES));
  const end = /(?:^|[\r\n])end_header[ \t]*(\r\n|\n|\r|$)/.exec(head);
  if (!/^ply\s/.test(head)) throw corruptMesh(source, '"ply" as the first line', JSON.stringify(head.slice(0, 20)), source.name);
  if (end === null) throw corruptMesh(source, `end_header within ${HEADER_BYTES} bytes`, 'none', source.name);
  const length = end.index + end[0].length;
  const rows = head.slice(0, end.index).split(/\r\n|\n|\r/);
  const elements: { name: string; count: number; properties: PlyProperty[] }[] = [];
  let format: PlyHeader['format'] | undefined;
  rows.slice(1).forEach((row, i) => {
    const words = row.trim().split(/\s+/);
    const where = `line ${i + 2} of ${source.name}`;
    const refuse = (expected: string): never => {
      throw corruptMesh(source, expected, JSON.stringify(row.slice(0, 80)), where);
    };
    switch (words[0]) {
      case 'format':
        format = FORMATS.find((known) => known === words[1]) ?? refuse('format ascii, binary_little_endian or binary_big_endian');
        break;
      case 'element': {
        const count = /^\d{1,15}$/.test(words[2] ?? '') ? Number(words[2]) : refuse('element NAME COUNT');
        elements.push({ name: words[1]!, count, properties: [] });
        break;
      }
      case 'property': {
        const property = readProperty(words) ?? refuse('property TYPE NAME or property list TYPE TYPE NAME');
        (elements.at(-1) ?? refuse('an element before its properties')).properties.push(property);
        break;
      }
      case '':
      case 'comment':
      case 'obj_info':
        break;
      default:
        refuse('format, element, property, comment or end_header');
    }
  });
  if (format === undefined) throw corruptMesh(source, 'a format line', 'none', `the header of ${source.name}`);
  assertCounts(elements, format, bytes.length - length, limits, source);
  return { format, elements, length, lines: rows.length + 1 };
}

const FORMATS = ['ascii', 'binary_little_endian', 'binary_big_endian'] as const;

const typeOf = (word: string | undefined): PlyType | undefined =>
  word === undefined ? undefined : word in PLY_SIZES ? (word as PlyType) : Object.hasOwn(OLD_NAMES, word) ? OLD_NAMES[word] : undefined;

function readProperty(words: readonly string[]): PlyProperty | undefined {
  const list = words[1] === 'list';
  const [type, name] = list ? [typeOf(words[3]), words[4]] : [typeOf(words[1]), words[2]];
  const countType = list ? typeOf(words[2]) : undefined;
  if (type === undefined || name === undefined || (list && (countType === undefined || countType.startsWith('float')))) return undefined;
  return { name, type, countType };
}

function assertCounts(elements: readonly PlyElement[], format: PlyHeader['format'], rest: number, limits: MeshLimits, source: MeshSource) {
  const names = new Set<string>();
  for (const { name, count, properties } of elements) {
    if (names.has(name))
      throw corruptMesh(source, 'each element once', `${JSON.stringify(name.slice(0, 40))} twice`, `the header of ${source.name}`);
    names.add(name);
    if (name === 'vertex') assertMeshLimit('vertices', count, limits, source);
    if (name === 'face') assertMeshLimit('triangles', count, limits, source);
    // In text a number takes a digit and a space; a list at least its length.
    const size = properties.reduce((sum, { type, countType }) => sum + (format === 'ascii' ? 2 : PLY_SIZES[countType ?? type]), 0);
    if (count * Math.max(size, 1) > rest + 1) {
      throw corruptMesh(
        source,
        `at least ${count * size} bytes for ${count} of element ${name.slice(0, 40)}`,
        `${rest}; was the copy cut off?`,
        source.name,
      );
    }
  }
}
