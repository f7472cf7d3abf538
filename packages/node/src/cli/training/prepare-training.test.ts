import { parseOptions } from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { expect, it } from 'vitest';

import { prepareTraining } from './prepare-training.js';
import { trainConfigOptions } from './train-config.js';

it('refuses directions without units before it looks for the zoo', async () => {
  const prepare = (space: object) =>
    prepareTraining(parseOptions('train', trainConfigOptions, { zoo: 'no-such-zoo', steps: 1, space }), architectureByName);
  await expect(prepare({ directions: {} })).rejects.toThrow(/^train: expected units with directions.*"units": "zoo".*got none/);
  await expect(prepare({ directions: {}, units: 'zoo' })).rejects.toThrow(/no-such-zoo/);
});
