import { Command, Option, type OutputConfiguration } from 'commander';

import { packageVersion } from '@netspace/train/internal';
import { PRECISIONS, RUNTIME_NAMES } from '../runtime/runtime.js';
import { addDecode } from './commands/decode.js';
import { addDoctor } from './commands/doctor.js';
import { addEncode } from './commands/encode.js';
import { addEvaluate } from './commands/evaluate.js';
import { addExplore } from './commands/explore.js';
import { addExport } from './commands/export.js';
import { addExportSpace } from './commands/pytorch/export-space.js';
import { addImportSpace } from './commands/pytorch/import-space.js';
import { addInit } from './commands/init.js';
import { addInterpolate } from './commands/interpolate.js';
import { addOptimize } from './commands/optimize.js';
import { addPull } from './commands/hub/pull.js';
import { addPush } from './commands/hub/push.js';
import { addReport } from './commands/report.js';
import { addRuntime } from './commands/runtime.js';
import { addSweep } from './commands/sweep.js';
import { addTrain } from './commands/train.js';
import { addWorker } from './commands/worker.js';
import { addZooBuild } from './commands/zoo/build.js';
import { addZooImport } from './commands/zoo/import.js';
import { addZooList } from './commands/zoo/list.js';
import { addZooAlign } from './commands/zoo/align.js';
import { addZooEncode } from './commands/zoo/encode.js';
import { addZooEvaluate } from './commands/zoo/evaluate.js';
import { addZooFilter } from './commands/zoo/filter.js';
import { addZooRecover } from './commands/zoo/recover.js';
import { addZooRetry } from './commands/zoo/retry.js';
import { addZooStats } from './commands/zoo/stats.js';
import { addZooStatus } from './commands/zoo/status.js';
import { addZooUpgrade } from './commands/zoo/upgrade.js';
import { addZooVerify } from './commands/zoo/verify.js';
import { explain } from './explain.js';
import { endWithNextStep } from './next-steps.js';

/**
 * The `netspace` command with all its subcommands.
 *
 * @param netspace how people type it, which help and messages repeat
 */
export function createProgram(output: OutputConfiguration, netspace = 'netspace'): Command {
  const program = new Command(netspace)
    .description('The space of deep models: encode trained networks into vectors, decode vectors into networks.')
    .version(packageVersion())
    .option('--json', 'print the result as one JSON document, and nothing else, on stdout')
    .addOption(new Option('--runtime <name>', 'use this runtime (default: the fastest, or NETSPACE_RUNTIME)').choices([...RUNTIME_NAMES]))
    .addOption(
      new Option(
        '--precision <name>',
        'what large products multiply; bfloat16 is faster on --runtime tensorflow (default: float32)',
      ).choices([...PRECISIONS]),
    )
    .option('--quiet', 'no progress and no notes on stderr')
    .option('--debug', 'show the stack of an error')
    .exitOverride()
    .configureOutput(output);
  addDoctor(program);
  addRuntime(program);
  addInit(program);
  const zoo = program.command('zoo').description('build, list and check collections of trained networks').exitOverride();
  addZooBuild(zoo);
  addZooStatus(zoo);
  addZooRetry(zoo);
  addZooImport(zoo);
  addZooList(zoo);
  addZooFilter(zoo);
  addZooStats(zoo);
  addZooEvaluate(zoo);
  addZooEncode(zoo);
  addZooAlign(zoo);
  addZooRecover(zoo);
  addZooUpgrade(zoo);
  addZooVerify(zoo);
  addWorker(program);
  addTrain(program);
  addSweep(program);
  addEvaluate(program);
  addInterpolate(program);
  addOptimize(program);
  addEncode(program);
  addDecode(program);
  addReport(program);
  addExport(program);
  addExplore(program);
  addImportSpace(program);
  addExportSpace(program);
  addPush(program);
  addPull(program);
  explain(program);
  endWithNextStep(program);
  return program;
}
