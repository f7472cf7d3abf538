import { describe, expect, it } from 'vitest';

import { EXIT_CODES, runCli } from './run-cli.js';

async function said(...args: readonly string[]) {
  let stderr = '';
  const code = await runCli(args, { writeOut: () => undefined, writeErr: (text) => void (stderr += text) });
  return { code, stderr };
}

describe('a misspelt option', () => {
  it.each([
    [['export', 'space', '--zooo', 'zoo', '--out', 'page'], "unknown option '--zooo'", '--zoo'],
    [['export', 'space', '--zooo=zoo', '--out', 'page'], "unknown option '--zooo'", '--zoo'],
    [['evaluate', '--spac', 'run', '--zoo', 'zoo'], "unknown option '--spac'", '--space'],
    [['zoo', 'build', 'zoo.json', '--ouut', 'zoo'], "unknown option '--ouut'", '--out'],
  ])('is named before the required one that is missing: %j', async (args, complaint, nearest) => {
    const { code, stderr } = await said(...args);
    expect(code).toBe(EXIT_CODES.usage);
    expect(stderr).toContain(complaint);
    expect(stderr).toContain(`Did you mean ${nearest}?`);
    expect(stderr).not.toContain('required option');
  });
  it('is not made up: what is missing is named where all else is known', async () => {
    const { code, stderr } = await said('zoo', 'build', 'zoo.json');
    expect(code).toBe(EXIT_CODES.usage);
    expect(stderr).toMatch(/required option '--out <dir>' not specified/);
  });
});
