import { copiedWithoutMarker, truncatedCheckpoints, truncatedZoos } from './damaged-files.js';
import { kills, spaceWork, zooWork } from './kills.js';
import { firstAddWork, powerCuts, saveWork, storeWork, trainingWork, upgradeWork } from './power-cuts.js';
import { clockGoesBack, interruptedTwice, noDescriptors, twoProcesses } from './process-faults.js';
import { fullDisk, readOnlyFolder } from './small-disk.js';
import type { Fault } from './trial.js';

/** Every kind of fault, by name. */
export const FAULTS: readonly Fault[] = [
  { name: 'power cut while networks are added to a zoo', tries: [60, 2000], run: powerCuts(storeWork) },
  { name: 'power cut while the first network is added to a zoo', tries: [60, 1000], run: powerCuts(firstAddWork) },
  { name: 'power cut while a zoo of an earlier version is moved', tries: [60, 2000], run: powerCuts(upgradeWork) },
  { name: 'power cut while a space is trained', tries: [12, 200], run: powerCuts(trainingWork) },
  { name: 'power cut while a model is saved over another', tries: [60, 2000], run: powerCuts(saveWork) },
  { name: 'SIGKILL while a zoo is built', tries: [1, 20], run: kills(zooWork) },
  { name: 'SIGKILL while a space is trained', tries: [1, 20], run: kills(spaceWork) },
  { name: 'disk full while a zoo is built', tries: [4, 50], run: fullDisk },
  { name: 'zoo and run on a disk that is read-only', tries: [1, 10], run: readOnlyFolder },
  { name: 'two processes on one zoo', tries: [1, 5], run: twoProcesses },
  { name: 'checkpoint cut short', tries: [200, 1000], run: truncatedCheckpoints },
  { name: 'network, index or manifest of a zoo cut short', tries: [200, 1000], run: truncatedZoos },
  { name: 'complete data copied without its marker file', tries: [5, 25], run: copiedWithoutMarker },
  { name: 'clock goes back', tries: [1, 20], run: clockGoesBack },
  { name: 'no file descriptors left', tries: [2, 16], run: noDescriptors },
  { name: 'SIGINT twice', tries: [1, 5], run: interruptedTwice },
];
