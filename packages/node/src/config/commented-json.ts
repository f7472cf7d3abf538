/** Comments by the path of the key below them, such as `space.preset`; `''` is the head of the file. */
export type Comments = Readonly<Record<string, string>>;

const WIDTH = 100;

/**
 * JSON with a comment above each key that has one. Lists, and objects without a comment inside, are in one line if they fit.
 */
export function commentedJson(value: object, comments: Comments): string {
  const head = comments[''] === undefined ? [] : commentLines(comments[''], '');
  return [...head, ...lines(value, '', '', comments), ''].join('\n');
}

function lines(value: unknown, path: string, indent: string, comments: Comments): string[] {
  const isCommented = Object.keys(comments).some((key) => key !== '' && key.startsWith(path === '' ? '' : `${path}.`));
  const short = oneLine(value);
  if (typeof value !== 'object' || value === null || (!isCommented && indent.length + path.length + short.length <= WIDTH)) return [short];
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(([key, one], i, all) => {
    const own = path === '' ? key : `${path}.${key}`;
    const [first, ...more] = lines(one, own, inner, comments);
    const comment = comments[own] === undefined ? [] : commentLines(comments[own], inner);
    const entry = [`${inner}${isList ? '' : `${JSON.stringify(key)}: `}${first}`, ...more];
    const comma = i < all.length - 1 ? [`${entry.pop() ?? ''},`] : [];
    return [...(comment.length > 0 && i > 0 ? [''] : []), ...comment, ...entry, ...comma];
  });
  return [isList ? '[' : '{', ...entries.flat(), `${indent}${isList ? ']' : '}'}`];
}

/** `{ "a": [1, 2] }` */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function commentLines(text: string, indent: string): string[] {
  const result: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = `${indent}//`;
    for (const word of paragraph.split(' ')) {
      if (line.length + word.length >= WIDTH) {
        result.push(line);
        line = `${indent}//`;
      }
      line += ` ${word}`;
    }
    result.push(line.trimEnd());
  }
  return result;
}
