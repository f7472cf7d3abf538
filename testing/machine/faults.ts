import { powerCuts, saveWork, storeWork, trainingWork } from './power-cuts.js';
import type { Fault } from './trial.js';

export const FAULTS: readonly Fault[] = [
  { name: 'power cut while networks are added to a zoo', tries: [60, 4000], run: powerCuts(storeWork) },
  { name: 'power cut while a space is trained', tries: [30, 1000], run: powerCuts(trainingWork) },
  { name: 'power cut while a model is saved over another', tries: [60, 4000], run: powerCuts(saveWork) },
];
