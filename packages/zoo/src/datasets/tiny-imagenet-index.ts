import { NetSpaceError } from '@netspace/prep';

/** Side of a Tiny-ImageNet image, in pixels. */
export const TINY_IMAGENET_SIZE = 64;

/** One line of `val_annotations.txt`: a validation image and its class. */
export interface TinyImageNetAnnotation {
  /** File name within `val/images`. */
  readonly file: string;
  /** WordNet id of the class. */
  readonly wnid: string;
}

/**
 * Reads `wnids.txt`: a class's label is its position in this list.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the line, if it is not a WordNet id such as `n07875152` or stands there twice
 * @example
 * ```ts
 * import { parseWnids } from '@netspace/zoo';
 *
 * console.log(parseWnids('n02124075\nn04067472\n')); // [ 'n02124075', 'n04067472' ]
 * ```
 */
export function parseWnids(text: string): readonly string[] {
  const wnids = new Set<string>();
  for (const { line, number } of linesOf(text)) {
    if (!WNID.test(line) || wnids.has(line)) {
      throw corrupt('parseWnids', 'wnids.txt', number, 'a WordNet id like n07875152, once', line);
    }
    wnids.add(line);
  }
  if (wnids.size === 0) throw corrupt('parseWnids', 'wnids.txt', 1, 'at least one WordNet id', '');
  return [...wnids];
}

/**
 * Reads `words.txt`, `wnid TAB names`: the names of the classes. The official file names all of WordNet's nouns.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the line, if it has another form
 * @example
 * ```ts
 * import { parseWords } from '@netspace/zoo';
 *
 * console.log(parseWords('n02124075\tEgyptian cat\n').get('n02124075')); // Egyptian cat
 * ```
 */
export function parseWords(text: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { line, number } of linesOf(text)) {
    const [wnid = '', name] = line.split('\t');
    if (!WNID.test(wnid) || name === undefined) throw corrupt('parseWords', 'words.txt', number, 'WordNet id, tab, names', line);
    words.set(wnid, name);
  }
  return words;
}

/**
 * Reads `val_annotations.txt`, `file TAB wnid TAB box`: the classes of the validation images.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the line, if it has another form or the file name could leave its folder
 * @example
 * ```ts
 * import { parseValAnnotations } from '@netspace/zoo';
 *
 * console.log(parseValAnnotations('val_0.JPEG\tn03444034\t0\t32\t44\t62\n')[0]!.wnid); // n03444034
 * ```
 */
export function parseValAnnotations(text: string): readonly TinyImageNetAnnotation[] {
  return linesOf(text).map(({ line, number }) => {
    const [file = '', wnid = ''] = line.split('\t');
    if (!FILE.test(file) || !WNID.test(wnid)) {
      throw corrupt('parseValAnnotations', 'val_annotations.txt', number, 'file name, tab, WordNet id', line);
    }
    return { file, wnid };
  });
}

const WNID = /^n\d{8}$/;
const FILE = /^\w[\w.-]*$/;

const linesOf = (text: string): { line: string; number: number }[] =>
  text
    .split('\n')
    .map((line, i) => ({ line: line.trimEnd(), number: i + 1 }))
    .filter(({ line }) => line !== '');

const corrupt = (caller: string, file: string, line: number, expected: string, got: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `${caller}: expected ${expected} in line ${line} of ${file}, got ${JSON.stringify(got.slice(0, 80))}`);
