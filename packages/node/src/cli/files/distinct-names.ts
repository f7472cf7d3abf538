import { basename, extname } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

/**
 * A name for each file, no two alike: its own without the ending; with its folders, or with its ending, where others have the same.
 *
 * `x/m.pt` and `y/m.pt` are `x/m` and `y/m`; `m.pt` and `m.safetensors` keep their endings.
 *
 * @throws NetSpaceError `INVALID_OPTION` if one file is named twice
 */
export function distinctNames(files: readonly string[]): readonly string[] {
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) throw new NetSpaceError('INVALID_OPTION', `encode: expected each file once, got ${twice} twice; leave one out`);
  const bare = (file: string) => file.slice(0, file.length - extname(file).length);
  const forms = [(file: string) => basename(bare(file)), bare, (file: string) => file];
  const names = forms.map((form) => files.map(form));
  return names.find((list) => new Set(list).size === list.length) ?? files;
}

/**
 * A file name for each name, no two alike also where a file system does not tell upper case from lower, and none longer than 100 characters.
 *
 * Characters other than letters, digits and `. _ -` become `_`; a number is put behind what would be there already.
 */
export function fileNames(names: readonly string[]): readonly string[] {
  const plain = names.map(
    (name) =>
      name
        .replaceAll(/[^\w.-]/g, '_')
        .replace(/^\./, '_')
        .slice(0, 100) || '_',
  );
  const taken = new Set<string>();
  // Names that are plain already come first: theirs is the file that a reader expects.
  const order = names.map((_, i) => i).sort((i, j) => Number(plain[i] !== names[i]) - Number(plain[j] !== names[j]) || i - j);
  const chosen = [...plain];
  for (const i of order) {
    for (let n = 2; taken.has(chosen[i]!.toLowerCase()); n++) chosen[i] = `${plain[i]!}-${n}`;
    taken.add(chosen[i]!.toLowerCase());
  }
  return chosen;
}
