import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, type FormatConfig } from 'oxfmt';

import { root } from '../root.js';

/** A page as the repository's formatter wants it, so that writing it anew changes nothing else. */
export async function formatMarkdown(text: string): Promise<string> {
  const { code, errors } = await format('page.md', text, JSON.parse(await readFile(join(root, '.oxfmtrc.json'), 'utf8')) as FormatConfig);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
  return code;
}
