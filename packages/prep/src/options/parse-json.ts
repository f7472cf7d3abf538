/** The deepest nesting of brackets that a JSON text may have. Our own files have fewer than ten levels. */
const DEPTH_LIMIT = 100;

/**
 * Like `JSON.parse`, but refuses text whose brackets are nested deeply. Functions that walk such a value, for instance `JSON.stringify`,
 * would overflow the stack.
 *
 * @throws SyntaxError if it is no JSON or nested more than 100 deep
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  return JSON.parse(text);
}

function checkDepth(text: string): void {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '[' || character === '{')) depth++;
    else if (!quoted && (character === ']' || character === '}')) depth--;
    if (depth > DEPTH_LIMIT) throw new SyntaxError(`brackets nested more than ${DEPTH_LIMIT} deep at character ${at}`);
  }
}
