import { packPRep, parameterCount, unpackPRep, type PRepShape } from '@netspace/prep';

import type { Group } from '../group.js';
import { parseNetName } from '../nets.js';

/** PReps: packing, reading back, and the refusal of one too small. */
export const prep: Group = ({ file, nets, checks }) => {
  for (const name of file.names) {
    const parsed = parseNetName(nets, name);
    const size = /^(\d+)x(\d+)$/.exec(parsed?.rest ?? '');
    if (parsed === undefined || size === null) continue;
    const shape: PRepShape = [Number(size[1]), Number(size[2])];
    checks.section(name, () => {
      const instance = nets.instance(nets.layout(parsed.key), parsed.key, parsed.source);
      const packed = packPRep(instance, shape);
      checks.expect(name, packed, 'exact');
      unpackPRep(packed, instance.architecture).forEach((parameter, i) => {
        const { name: parameterName } = instance.architecture.parameters[i]!;
        checks.expectEqual(`${name} read back ${parameterName}`, parameter, instance.parameters[i]!, 'exact');
      });
    });
  }
  for (const key of nets.keys) {
    checks.section(`${key} too small`, () => {
      const layout = nets.layout(key);
      const instance = nets.instance(layout, key, 'gen');
      const count = parameterCount(layout.parameters);
      const tooSmall: PRepShape = [1, count - 1];
      checks.expectRefusal(`${key} into a PRep one place too small`, 'SHAPE_MISMATCH', () => packPRep(instance, tooSmall));
      const packed = packPRep(instance, [1, count]);
      checks.expectRefusal(`${key} out of a PRep one place too small`, 'SHAPE_MISMATCH', () =>
        unpackPRep(packed.slice([0, 0], [1, count - 1]), layout),
      );
    });
  }
};
