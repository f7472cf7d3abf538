import type { Command, Option } from 'commander';

import { rootOf } from './command-context.js';
import { nameMisspeltFirst } from './misspelt-first.js';
import { SHORTEST } from './training/shortest-config.js';

/** A first session, from nothing to a page about a space. */
const firstSession = (netspace: string): string => `A first session:

  $ ${netspace} doctor                                        which runtimes work here, and how fast
  $ ${netspace} init zoo                                      zoo.jsonc: networks to train, with comments
  $ ${netspace} zoo build zoo.jsonc --out zoo                 train them
  $ ${netspace} init space --zoo zoo                          space.jsonc: a config that fits them, with reasons
  $ ${netspace} train space.jsonc --out space                 learn their space
  $ ${netspace} report space --zoo zoo --data mnist           report.html says how good it is

The shortest recipe of a zoo: ${SHORTEST.zoo.config}`;

/** Two examples of each command: what to type, and what it does. */
const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, what: string])[]>> = {
  doctor: [
    ['doctor', 'all runtimes, as a table'],
    ['--json doctor', 'the same for a program to read'],
  ],
  'runtime install': [
    ['runtime install', 'several times as fast as wasm; downloads 274 MB, takes 870 MB of disk'],
    ['runtime install --gpu', 'for an NVIDIA GPU; about 6 GB'],
  ],
  'runtime remove': [
    ['runtime remove', 'everything that runtime install has made'],
    ['--quiet runtime remove', 'without a message'],
  ],
  'init zoo': [
    ['init zoo', 'zoo.jsonc: networks of digits, from poor to good'],
    ['init zoo --data cifar10:cifar-10-batches-bin --out cifar.jsonc', 'networks of other images'],
  ],
  'init shapes': [
    ['init shapes', 'shapes.jsonc: a network for each mesh in the folder meshes'],
    ['init shapes --meshes chairs --out chairs.jsonc', 'of another folder'],
  ],
  'init space': [
    ['init space --zoo zoo', 'space.jsonc: sizes and training that fit the zoo, with reasons'],
    ['init space --zoo zoo --steps 500 --out quick.jsonc', 'a shorter run'],
  ],
  'zoo build': [
    ['zoo build zoo.json --out zoo', 'on the data that the recipe names'],
    ['zoo build zoo.json --out zoo --data cifar10:cifar-10-batches-bin --train-images 5000', 'on fewer images, of another data set'],
    ['zoo build zoo.json --out zoo --concurrency 4', 'four networks at once; the same files'],
    ['zoo build zoo.json --out zoo --queue redis://HOST', 'on every machine that runs netspace worker'],
  ],
  worker: [
    ['worker --queue redis://HOST --out zoo', 'one network at once, for a build with --queue in the same folder'],
    [
      'worker --queue rediss://HOST:6380 --out zoo --concurrency 4 --data cifar10:cifar-10-batches-bin',
      'four, with the data of this machine',
    ],
  ],
  'zoo status': [
    ['zoo status zoo', 'how far a build is, and what it has set aside'],
    ['--json zoo status zoo', 'the same for a program to read'],
  ],
  'zoo retry': [
    ['zoo retry zoo', 'the next build tries again what failed'],
    ['--json zoo retry zoo', 'and prints which jobs these are'],
  ],
  'zoo import': [
    ['zoo import a.pt b.pt --out zoo --architecture resnet8-3x32x32-10', 'checkpoints of PyTorch'],
    ['zoo import a.pt --out zoo --architecture resnet8-3x32x32-10 --probe probe.pt', 'and check that they compute the same'],
    [
      "zoo import runs --out zoo --architecture resnet8-3x32x32-10 --names 'run_*/model.pt' --metrics runs.csv",
      'a folder of them, with their measures',
    ],
    [
      'zoo import tune_zoo_mnist --out zoo --architecture lenet-like-1x28x28-10 --checkpoints all',
      "trainings of Ray Tune, laid out as ModelZooDataset's",
    ],
    ['zoo import runs --out zoo --architecture net.onnx', 'networks of your own, exported once'],
    [
      'zoo import models --out zoo --architecture models/0 --metrics metrics.csv',
      'a folder of tf.LayersModels, each in a folder of its own',
    ],
    ['zoo import mnist-inrs --out zoo', 'SIRENs: their tensors show their sizes'],
  ],
  'zoo list': [
    ['zoo list zoo', 'name, architecture and measures of each network'],
    ['--json zoo list zoo', 'the same for a program to read'],
  ],
  'zoo verify': [
    ['zoo verify zoo', 'exit status 1 if a file is damaged'],
    ['--json zoo verify zoo', 'the same for a program to read'],
  ],
  'zoo filter': [
    ["zoo filter zoo --where 'testAccuracy>=0.8'", 'names of the networks that are at least this good'],
    ["zoo filter zoo --where 'epochs<10' --first 100 --out some", 'copy a hundred networks of short training to a new zoo'],
  ],
  'zoo stats': [
    ['zoo stats zoo', 'how many networks of each architecture, and how their measures spread'],
    ['--json zoo stats zoo', 'the same for a program to read'],
  ],
  'zoo evaluate': [
    ['zoo evaluate zoo --data mnist', 'testAccuracy of each network, beside the zoo; zoo list and zoo filter then know it'],
    ['zoo evaluate zoo --data cifar10:cifar-10.1 --as shifted --concurrency 4', 'on other data, by four processes'],
    ['zoo evaluate zoo --data mnist --queue redis://HOST', 'on every machine that runs netspace worker'],
  ],
  'zoo encode': [
    ['zoo encode zoo --space run --out embeddings.safetensors --concurrency 4', 'all networks of a zoo, by four processes'],
    ['zoo encode zoo --space run --out embeddings.safetensors --queue redis://HOST', 'on every machine that runs netspace worker'],
  ],
  'zoo align': [
    [
      'zoo align zoo --to best --out aligned --concurrency 4',
      'hidden channels of all networks in the order of those of best, by their weights',
    ],
    ['zoo align zoo --to small-s0 large-s0 --out aligned --data mnist', 'of two architectures, by what units do on images'],
  ],
  'zoo recover': [
    ['zoo recover half-a-copy --out zoo', 'what is whole of a zoo that lost some files'],
    ['--json zoo recover half-a-copy --out zoo', 'the same for a program to read'],
  ],
  'zoo upgrade': [
    ['zoo upgrade zoo', 'a zoo of an earlier version: many networks then share a file'],
    ['--quiet zoo upgrade zoo', 'without progress'],
  ],
  train: [
    ['train --zoo zoo --data mnist --out run', 'print a config that fits the zoo; save it as config.json'],
    ['train config.json --out run', 'train; Ctrl-C keeps a checkpoint'],
    ['train --resume --out run', 'go on where it stopped'],
  ],
  sweep: [
    [
      'sweep sweep.json --out runs',
      'sweep.json: { "config": "space.jsonc", "grid": { "learningRate.learningRate": [0.001, 0.0003] }, "seeds": [0, 1] }; four runs and a table of them',
    ],
    ['sweep sweep.json --out runs --concurrency 2', 'two runs at once; Ctrl-C keeps their checkpoints'],
    ['sweep sweep.json --out runs --queue redis://HOST', 'on every machine that runs netspace worker --out runs'],
  ],
  evaluate: [
    ['evaluate --space run --zoo zoo --data mnist', 'each network next to the one that the space predicts'],
    ['evaluate --space run --zoo zoo', 'a space of shapes needs no data'],
    ['evaluate --space run --zoo zoo --data mnist --refine 100', 'also refined encodings, which take longer'],
  ],
  interpolate: [
    ['interpolate --space run --zoo zoo --from a --to b --data mnist', 'accuracy on the way from network a to b'],
    ['interpolate --space run --zoo zoo --from a --to b --steps 5 --out walk', 'write five networks'],
  ],
  optimize: [
    ['optimize --space run --zoo zoo --start a --teacher b --data mnist --out found', 'start at network a, imitate network b'],
    ['optimize --space run --zoo zoo --start a --teacher b --data mnist --out found --learning-rate 0.01', 'in smaller steps'],
  ],
  encode: [
    ['encode --space run --zoo zoo --out embeddings.safetensors', 'all networks of a zoo'],
    ['encode net.pt --space run --architecture resnet8-3x32x32-10 --json', 'one checkpoint, printed'],
  ],
  decode: [
    ['decode embeddings.safetensors --space run --out networks', 'the class head chooses the architectures'],
    ['decode embeddings.safetensors --space run --out networks --architecture resnet8-3x32x32-10', 'all as one architecture'],
    ['decode embeddings.safetensors --space run --out networks --format pt', 'for load_state_dict of PyTorch'],
  ],
  export: [
    ['export run --zoo zoo --out page --data mnist --sample 500', 'with accuracies, and 500 digits to try networks on'],
    ["export run --zoo zoo --out page --held-out '*-s1-*'", 'says which networks the space has never seen'],
  ],
  explore: [
    ['explore folder', 'show a folder that netspace export wrote'],
    ['explore run --zoo zoo --data mnist --sample 500 --out site', 'write a site for any web server'],
  ],
  'import-space': [
    ['import-space encoder.pt decoder.pt --architecture siren-3-256x1-1 --out space', "a space of the authors' code, of one architecture"],
    [
      'import-space encoder.pt decoder.pt --architecture lenet-like-3x32x32-10 vanilla-cnn-3x32x32-10 --out space',
      'of two, in the order of the class head',
    ],
  ],
  'export-space': [
    ['export-space run --out exported', 'encoder.pt and decoder.pt, which netspace_space.py of @netspace/model loads in PyTorch'],
    ['export-space run --out exported --format safetensors', 'the same as safetensors'],
  ],
  push: [
    ['push page me/digits', 'the folder page, which netspace export wrote; the token is in HF_TOKEN'],
    ['push page me/digits --private', 'into a repository that only you can see'],
  ],
  pull: [
    ['pull me/digits digits', 'into the folder digits; continues a pull that was interrupted'],
    ['pull http://localhost:8000/page digits', 'from any web server'],
  ],
  report: [
    ['report run --zoo zoo --data mnist', 'how good the space is: writes report.html'],
    ['report zoo --format md', 'what is in a zoo: report.md and pictures'],
  ],
};

/** Marks required options, adds examples to the help of every command, and points errors to that help. */
export function explain(program: Command): void {
  program.addHelpText('after', `\n${firstSession(program.name())}`);
  explainAll(program, program.name(), '');
}

function explainAll(command: Command, call: string, path: string): void {
  command.configureHelp({ optionDescription });
  nameMisspeltFirst(command);
  command.showHelpAfterError(`(${call} --help lists what it takes)`);
  const examples = EXAMPLES[path];
  if (examples !== undefined) {
    const lines = examples.map(([line, what]) => `  $ ${rootOf(command).name()} ${line}\n      ${what}`);
    command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  for (const sub of command.commands) explainAll(sub, `${call} ${sub.name()}`, path === '' ? sub.name() : `${path} ${sub.name()}`);
}

/** As commander's own, and that an option has to be there. */
function optionDescription({ description, mandatory, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const notes = [
    ...(mandatory ? ['required'] : []),
    ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
    ...(defaultValue === undefined || String(defaultValue) === '' ? [] : [`default: ${defaultValueDescription ?? String(defaultValue)}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}
