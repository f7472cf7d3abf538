// From where the paths in the files of the command count.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { digitsRun, group, names, training } from './testing/digits-run.js';
import { inProcess, netspace } from './testing/in-process.js';

const at = digitsRun({ of: 'zoo' });

describe('netspace', () => {
  it('counts the paths of a config from its file, also in a sweep and a recipe', async () => {
    await mkdir(at('configs'));
    const write = (name: string, value: object) => writeFile(at('configs', name), JSON.stringify(value));
    const short = { ...training, steps: 2 };
    await write('space.json', { ...short, zoo: '../zoo' });
    await netspace('train', at('configs', 'space.json'), '--out', at('from configs'));
    const record = JSON.parse(await readFile(at('from configs', 'run.json'), 'utf8')) as { config: { zoo: string } };
    expect(record.config.zoo).toBe(at('zoo'));
    await write('sweep.json', { config: 'space.json', seeds: [1] });
    await netspace('sweep', at('configs', 'sweep.json'), '--out', at('swept from configs'));
    await write('wrong.json', { ...short, zoo: 'docs' }); // a folder of this repository, where the tests run
    const refused =
      /zoo: expected docs as seen from the config, got nothing at .*configs.docs, and something at docs as seen from here; write ".*docs"/;
    expect((await inProcess('train', at('configs', 'wrong.json'), '--out', at('wrong'))).stderr).toMatch(refused);
    await netspace('train', at('configs', 'wrong.json'), '--zoo', at('zoo'), '--out', at('from here')); // options count from here
    await write('wrong sweep.json', { config: 'wrong.json', seeds: [1] });
    expect((await inProcess('sweep', at('configs', 'wrong sweep.json'), '--out', at('wrong'))).stderr).toMatch(refused);
    for (const recipe of [
      { data: 'cifar10:docs', groups: [{ ...group, architecture: names.small, lengths: [1] }] },
      { kind: 'shapes', meshes: 'docs' },
      { kind: 'shapes', meshes: ['docs'] },
      { kind: 'fields', fields: 'docs' },
      { kind: 'shapes', seats: [1], start: 'docs' },
    ]) {
      await write('recipe.json', recipe);
      expect((await inProcess('zoo', 'build', at('configs', 'recipe.json'), '--out', at('wrong'))).stderr).toMatch(
        /: expected docs as seen from the config/,
      );
    }
  });
});
