/**
 * Checks JSON text for what `JSON.parse` lets pass or dies of: nesting deeper than a limit and a key twice in one object.
 *
 * @returns what is wrong, or `undefined`; other mistakes are left to `JSON.parse`
 */
export function findJsonProblem(text: string, maxDepth: number): string | undefined {
  const open: (Set<string> | undefined)[] = []; // the keys of each open object; undefined for an array
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{' || char === '[') {
      if (open.length === maxDepth) return `nested deeper than ${maxDepth}`;
      open.push(char === '{' ? new Set() : undefined);
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = stringEnd(text, i);
      if (end === undefined) return 'a string that does not end';
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) {
        const key = unquote(text.slice(i, end + 1));
        if (keys.has(key)) return `the key "${key}" twice`;
        keys.add(key);
      }
      i = end;
    }
  }
  return undefined;
}

const stringEnd = (text: string, start: number): number | undefined => {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '"') return i;
    if (text[i] === '\\') i++;
  }
  return undefined;
};

const isKey = (text: string, end: number): boolean => {
  let next = end + 1;
  while (/\s/.test(text[next] ?? '')) next++;
  return text[next] === ':';
};

const unquote = (literal: string): string => {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal; // a bad escape: JSON.parse of the whole text will say so
  }
};
