/** Brackets within brackets that a JSON text may have: our own files have fewer than ten. */
const DEPTH_LIMIT = 100;

/**
 * Like `JSON.parse`, but refuses text whose brackets are nested deeply: every function that walks the value, `JSON.stringify` among them,
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
