// `npm run demo`: learns a space of digit classifiers and a space of shapes, walks through both, and writes a report.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { renderReport } from '@netspace/report';
import { selectRuntime } from '@netspace/node';

import { classifiers } from './classifiers.js';
import { demoReport } from './report.js';
import type { ShapeResults } from './results.js';
import { summarize } from './summary.js';
import { bundleViewer } from './viewer.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out', 'demo');
mkdirSync(out, { recursive: true });
const started = performance.now();

process.env['NETSPACE_THREADS'] ??= '1'; // classifiers and shapes have a process each
const runtime = await selectRuntime();
console.error(`Runtime: ${runtime.name} (${runtime.device})`);

const shapesFile = join(out, 'shapes.json');
const shapesDone = startShapes(shapesFile);
const digits = await classifiers(runtime.name, (part, seconds) =>
  console.error(seconds === undefined ? `… ${part}` : `  ${part}: ${seconds} s`),
);
console.error('… waiting for the shapes');
await shapesDone;
const shapes = JSON.parse(readFileSync(shapesFile, 'utf8')) as ShapeResults;

const report = join(out, 'report.html');
const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
const summary = summarize({ seconds, digits, shapes, report });
writeFileSync(report, renderReport(demoReport({ seconds, digits, shapes, summary }), { viewerScript: await bundleViewer(root) }));
writeFileSync(join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
writeFileSync(
  join(out, 'results.json'),
  JSON.stringify({
    digits: { ...digits, pictures: undefined },
    shapes: { ...shapes, reconstructions: undefined, walk: undefined, averages: undefined },
  }),
);

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const points = (value: number): string => `${(100 * value).toFixed(1)} points`;
const { meanAbsoluteDifference, encoded, mostAlike } = summary;
console.log(`
Held-out networks, from refined embeddings: accuracy is ${points(meanAbsoluteDifference)} off on average (the zoo's mean accuracy is ${points(digits.differenceOfMean)} off)
  agreement with the target ${percent(summary.meanAgreement)} (most similar known network: ${percent(mostAlike.meanAgreement)}, chance: ${percent(summary.chanceAgreement)})
  not refined, as the encoder says: ${points(encoded.meanAbsoluteDifference)} off, agreement ${percent(encoded.meanAgreement)}, ClassId right for ${summary.classIdRight} of ${summary.heldOut.length}
Weak to strong:    ${digits.weakToStrong.stops.map(({ accuracy }) => percent(accuracy)).join(' → ')}
  their weights averaged: ${digits.weakToStrong.stops.map(({ weightAverageAccuracy }) => percent(weightAverageAccuracy ?? 0)).join(' → ')}
Between architectures:  ${digits.betweenArchitectures.stops.map(({ classId, accuracy }) => `${classId}: ${percent(accuracy)}`).join(' → ')}
Latent space optimization: ${percent(digits.search.before)} → ${percent(digits.search.after)}
Shapes: IoU with the target ${shapes.shapes.map(({ name, iou }) => `${name} ${iou.toFixed(2)}`).join(', ')}
  between two of them, in the largest piece: ${shapes.walk.map(({ largestShare }) => percent(largestShare)).join(' → ')}
${seconds} s on ${runtime.name}, ${cpus().length} cores. Report: ${report}`);

function startShapes(file: string): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL('shapes.ts', import.meta.url)), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    complaints = (complaints + chunk.toString()).slice(-4000);
  });
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the shapes' process ended with ${code}:\n${complaints}`))));
  });
  done.catch(() => undefined); // looked at once the classifiers are done
  process.on('exit', () => child.kill());
  return done;
}
