import { itRefusesMisspelt } from '@netspace/testing/option-refusals';
import * as train from '@netspace/train';

import { openZooFolderOptions } from './architectures/open-zoo-folder.js';
import { loadCifar10Options } from './datasets/load-cifar10.js';
import { loadMeshOptions } from './datasets/load-mesh.js';
import { loadMnistOptions } from './datasets/load-mnist.js';
import { loadTensorsOptions } from './datasets/load-tensors.js';
import { loadTinyImageNetOptions } from './datasets/load-tiny-imagenet.js';
import { onFileSystem } from './files/file-system.js';
import { s3FilesOptions } from './files/s3/s3-files.js';
import * as node from './index.js';
import { makePartsOptions } from './runs/make-parts.js';
import { progressLinesOptions } from './runs/progress.js';
import { startRunRecordOptions } from './runs/run-record.js';
import { trainInFolderOptions, trainingOptions } from './runs/train-in-folder.js';
import { spaceRun, trainOrLoadSpaceOptions } from './runs/train-or-load.js';
import { zooInFolderOptions } from './runs/zoo-in-folder.js';
import { doctorOptions } from './runtime/doctor/doctor.js';
import { installNativeRuntimeOptions } from './runtime/provision/install.js';
import { enableWasmThreadsOptions } from './runtime/wasm-threads/enable-wasm-threads.js';

const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);
const nowhere = '/nowhere/at/all'; // options are looked at before the place
const nothing = {} as never;

itRefusesMisspelt(
  Object.fromEntries(Object.entries(node).filter(([name]) => !(name in train))),
  {
    checkpointFile: [keys(onFileSystem), (o) => node.checkpointFile(nowhere, o)],
    directoryFiles: [keys(onFileSystem), (o) => node.directoryFiles(nowhere, o)],
    s3Files: [keys(s3FilesOptions), (o) => node.s3Files(nowhere, o)],
    fileHandler: [keys(onFileSystem), (o) => node.fileHandler(nowhere, o)],
    metricsFile: [keys(onFileSystem), (o) => node.metricsFile(nowhere, o)],
    readMetrics: [keys(onFileSystem), (o) => node.readMetrics(nowhere, o)],
    loadCifar10: [keys(loadCifar10Options), (o) => node.loadCifar10(nowhere, o)],
    loadMesh: [keys(loadMeshOptions), (o) => node.loadMesh(nowhere, o)],
    loadMeshFolder: [keys(loadMeshOptions), (o) => node.loadMeshFolder(nowhere, o)],
    loadMnist: [keys(loadMnistOptions), node.loadMnist],
    loadTensors: [keys(loadTensorsOptions), (o) => node.loadTensors(nowhere, o)],
    loadTinyImageNet: [keys(loadTinyImageNetOptions), (o) => node.loadTinyImageNet(nowhere, o)],
    makeParts: [keys(makePartsOptions), (o) => node.makeParts([], nothing, o)],
    openZooFolder: [keys(openZooFolderOptions), (o) => node.openZooFolder(nowhere, o)],
    progressLines: [keys(progressLinesOptions), (o) => node.progressLines('', 1, o)],
    startRunRecord: [keys(startRunRecordOptions), (o) => node.startRunRecord(nowhere, o)],
    trainInFolder: [keys(trainInFolderOptions), (o) => node.trainInFolder(nothing, nowhere, o)],
    'trainInFolder: training': [keys(trainingOptions), (training) => node.trainInFolder(nothing, nowhere, { training } as never)],
    spaceRunFolder: [keys(spaceRun), node.spaceRunFolder],
    trainOrLoadSpace: [keys(trainOrLoadSpaceOptions), (o) => node.trainOrLoadSpace(nothing, o)],
    zooInFolder: [keys(zooInFolderOptions), (o) => node.zooInFolder(nowhere, o)],
    doctor: [keys(doctorOptions), node.doctor],
    installNativeRuntime: [keys(installNativeRuntimeOptions), node.installNativeRuntime],
    selectRuntime: [['prefer', 'precision'], node.selectRuntime],
    enableWasmThreads: [keys(enableWasmThreadsOptions), node.enableWasmThreads],
  },
  [
    ...[
      'allSinks',
      'architecturesIn',
      'commitOf',
      'enableRelaxedSimd',
      'keptJson',
      'machineFacts',
      'makePart',
      'parseDatasetSpec',
      'plainSettings',
    ],
    ...['readRunRecord', 'recommendedEnvironment', 'registerFileHandler', 'removeNativeRuntime', 'respawnForSpeed', 'secondsCovered'],
    ...['settingsHash', 'stageClock', 'stopwatch', 'summaryWriter', 'tensorBoard'],
  ],
);
