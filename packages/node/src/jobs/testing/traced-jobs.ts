import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `telemetry-sdk.mjs` writes of a process. */
export interface Traced {
  readonly spans: readonly { readonly name: string; readonly traceId: string; readonly spanId: string; readonly parent?: string }[];
  readonly measures: readonly { readonly descriptor: { readonly name: string } }[];
}

/** What all processes have written into a folder, as text: secrets are looked for in it. */
export const tracesIn = async (folder: string): Promise<readonly string[]> =>
  Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));

/** The spans above each job's span in a worker, which go to the command by way of what the queue traces on both sides; all are of one trace. */
export function spansAboveJobs(processes: readonly Traced[]): readonly (readonly string[])[] {
  const spans = new Map(processes.flatMap((one) => one.spans).map((span) => [span.spanId, span]));
  return [...spans.values()]
    .filter(({ name }) => name === 'netspace job')
    .map((job) => {
      const above: string[] = [];
      for (let span = spans.get(job.parent!); span?.traceId === job.traceId; span = spans.get(span.parent!)) above.push(span.name);
      return above;
    });
}
