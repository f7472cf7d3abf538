import { packPRep, requiredPRepShape, unpackPRep } from '@netspace/prep';

import type { Group } from '../group.js';
import { channelsLast, imagesFor, networkCost } from '../image-inputs.js';
import { parseNetName } from '../nets.js';

/** Every network run from its PRep: classifiers on images (`logits`), SIRENs at points (`out`). */
export const forward: Group = ({ file, nets, checks, leaveOut }) => {
  for (const name of file.names) {
    const parsed = parseNetName(nets, name);
    if (parsed === undefined || !['logits', 'out'].includes(parsed.rest)) continue;
    checks.section(name, () => {
      const images = parsed.rest === 'out' ? undefined : imagesFor(file, nets, parsed.key);
      const architecture = nets.architecture(parsed.key, images === undefined ? 1 : file.shape(images)[2]);
      if (images !== undefined && leaveOut(name, networkCost(architecture, file.shape(images)))) return;
      const instance = nets.instance(architecture, parsed.key, parsed.source);
      const packed = packPRep(instance, requiredPRepShape(architecture));
      const x = images === undefined ? file.tensor('coords') : channelsLast(file.tensor(images));
      checks.expect(name, architecture.apply(unpackPRep(packed, architecture), x));
    });
  }
};
