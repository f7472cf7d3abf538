import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { architectureByName } from '../architectures/by-name.js';
import { initialize } from '../initialize.js';
import { bestOf, bestOfEach, bestOfLargest } from './best-of.js';
import { openInstanceStore } from './instance-store.js';
import { loadAll } from './load-all.js';
import { memoryFiles } from './files/store-files.js';

const entry = (name: string, architecture: string, parameterCount: number, metrics: Readonly<Record<string, number>>) => ({
  name,
  record: { architecture, parameterCount, metrics },
});
const nameOf = ({ name }: { readonly name: string }): string => name;

describe('bestOf', () => {
  const zoo = [
    entry('a', 'small', 10, { testAccuracy: 0.5 }),
    entry('b', 'large', 20, { testAccuracy: 0.3 }),
    entry('c', 'small', 10, { testAccuracy: 0.9 }),
    entry('d', 'large', 20, { testAccuracy: 0.3 }),
  ];
  it('finds the highest accuracy, the first of equals, also by architecture', () => {
    expect(bestOf(zoo).name).toBe('c');
    expect(bestOfEach(zoo).map(nameOf)).toEqual(['c', 'b']);
    expect(bestOfLargest(zoo).name).toBe('b');
  });
  it('finds the smallest error where no accuracy was measured', () => {
    expect(bestOf([entry('a', 'siren', 5, { mse: 0.2 }), entry('b', 'siren', 5, { mse: 0.1 })]).name).toBe('b');
  });
  it('refuses an empty zoo', () => {
    expect(() => bestOf([])).toThrow(/at least one network/);
    expect(() => bestOfLargest([])).toThrow(/at least one network/);
    expect(bestOfEach([])).toEqual([]);
  });
});

describe('loadAll', () => {
  it('loads what is asked for, in that order, or everything', async () => {
    const store = openInstanceStore(memoryFiles());
    const architecture = architectureByName('siren-3-4x1-1');
    for (const [seed, name] of ['one', 'two', 'three'].entries()) {
      await store.add({
        name,
        instance: { architecture, parameters: initialize(architecture.parameters, { seed }) },
        epochs: 1,
        seed,
        metrics: {},
      });
    }
    const all = await loadAll(store);
    expect(all.map(nameOf)).toEqual(['one', 'two', 'three']);
    expect(all.map(({ record }) => record)).toEqual(await store.list());
    const [three, one] = await loadAll(store, [{ name: 'three' }, { name: 'one' }]);
    expect([three!.record.seed, one!.record.seed]).toEqual([2, 0]);
    three!.instance.parameters.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(all[2]!.instance.parameters[i]!.dataSync()));
    await expect(loadAll(store, [{ name: 'four' }])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
