import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** The packages are ESM only, by design: what `require()` or the resolution of old compilers would see does not matter. */
const IGNORED = ['node10', 'node16-cjs'];

/** What publint, at its strictest, and attw (`--profile esm-only`) say of a tarball: a list of problems. */
export async function problemsOf(name, tarball) {
  const bytes = readFileSync(fileURLToPath(tarball));
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: Uint8Array.from(bytes).buffer } });
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  const wrong = analysis.types ? analysis.problems.filter(({ resolutionKind }) => !IGNORED.includes(resolutionKind)) : [];
  return [
    ...messages.map((message) => `publint ${name}: ${formatMessage(message, pkg, { color: false })}`),
    ...wrong.map((problem) => `attw ${name}: ${JSON.stringify(problem)}`),
  ];
}
