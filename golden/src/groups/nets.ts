import { parameterCount } from '@netspace/prep';

import type { Group } from '../group.js';

/** The networks' weights: all parameters are there, shaped and placed as the manifest says. */
export const nets: Group = ({ nets: known, checks }) => {
  for (const key of known.keys) {
    checks.section(key, () => {
      const { params, numParams, stored } = known.entry(key);
      const { parameters } = known.layout(key);
      const offsets = parameters.map((_, i) => parameterCount(parameters.slice(0, i)));
      checks.expectEqual(`${key} parameter count`, [parameterCount(parameters)], [numParams], 'exact');
      checks.expectEqual(
        `${key} offsets`,
        offsets,
        params.map(({ offset }) => offset),
        'exact',
      );
      for (const source of stored ? (['gen', 'stored'] as const) : (['gen'] as const)) {
        const weights = known.weights(key, source);
        const shapes = params.flatMap(({ name }) => weights.get(name)?.shape ?? [NaN]);
        checks.expectEqual(
          `${key} ${source} shapes`,
          shapes,
          params.flatMap(({ shape }) => shape),
          'exact',
        );
      }
    });
  }
};
