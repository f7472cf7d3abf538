import { requiredPRepShape } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';
for (const w of [2816,2824,1416]) console.log(requiredPRepShape(architectureByName('resnet8-3x16x16-10-w0.375'), { width: w }));
