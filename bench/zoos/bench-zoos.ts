import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';

import { startContender, type Contender } from '../contender.js';
import { machineFacts, taken } from '../results.js';
import { ZOO_CASES, type ZooCase, type ZooRound } from './zoo-case.js';

interface BenchZoosOptions {
  readonly out: string;
  /** A part of the title of the kinds of networks to time. */
  readonly only: string;
  readonly runtimes: readonly string[];
  readonly python: string | undefined;
  readonly rounds?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The shortest times of one contender, of one network for one step. */
interface ZooFigure {
  readonly case: string;
  readonly contender: string;
  /** Networks at once; 0 for one after the other. */
  readonly count: number;
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  /** From the processor time, since other programs share the machine. */
  readonly networksAnHour: number;
  readonly peakBytes: number;
  readonly load: number;
  readonly commit: string;
}

interface Starter {
  readonly name: string;
  readonly count: number;
  start(): Promise<Contender>;
}

const root = new URL('../..', import.meta.url).pathname;

/** Times training of networks at once and one by one, on our runtimes and in PyTorch, in turns; one thread each, as jobs of a zoo have. */
export async function benchZoos({ out, only, runtimes, python, rounds = 3, env }: BenchZoosOptions): Promise<void> {
  const one = {
    ...env,
    NETSPACE_THREADS: '1',
    OMP_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    TF_NUM_INTRAOP_THREADS: '1',
  };
  const path = `${out}zoos.json`;
  const former = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { readonly results: readonly ZooFigure[] }).results : [];
  const figures = new Map(former.map((figure) => [keyOf(figure), figure]));
  for (const zooCase of ZOO_CASES.filter(({ title }) => title.includes(only))) {
    for (const group of startersOf(zooCase, { runtimes, python, env: one })) {
      for (const figure of await timed(zooCase, group, rounds)) {
        figures.set(keyOf(figure), figure);
        console.log(`${figure.case}, ${figure.contender}, ${figure.count} at once: ${figure.processorMilliseconds.toFixed(2)} ms, ${figure.networksAnHour} an hour`); // prettier-ignore
      }
      const results = [...figures.values()];
      const machine = machineFacts(1, python);
      writeFileSync(path, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
      const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
      writeFileSync(`${out}zoos.md`, `${facts.join(', ')}\n\n${tableOf(results)}\n`);
    }
  }
}

const keyOf = ({ case: of, contender, count }: ZooFigure): string => `${of} ${contender} ${count}`;

/** Contenders that take turns: one by one, then those of each number at once. */
function startersOf(zooCase: ZooCase, { runtimes, python, env }: Pick<BenchZoosOptions, 'runtimes' | 'python' | 'env'>): Starter[][] {
  const { network, batch, counts } = zooCase;
  const ours = (runtime: string, count: number): Starter => {
    const round: ZooRound = { network, batch, count, timed: stepsOf(count) };
    const args = ['--import', 'tsx', `${root}bench/zoos/serve-zoos.ts`, runtime, JSON.stringify(round)];
    const start = () => startContender(runtime, process.execPath, args, { ...env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` });
    return { name: runtime, count, start };
  };
  const theirs = (mode: 'loop' | 'vmap', count: number): Starter[] => {
    if (python === undefined) return [];
    const options = ['--network', network, '--count', String(Math.max(1, count)), '--batch', String(batch), '--mode', mode];
    const name = mode === 'loop' ? 'pytorch' : 'pytorch, torch.func';
    return [{ name, count, start: () => startContender(name, python, [`${root}bench/peers/zoos.py`, ...options, '--steps', String(stepsOf(count))], env) }]; // prettier-ignore
  };
  return [
    [...runtimes.map((runtime) => ours(runtime, 0)), ...theirs('loop', 0)],
    ...counts.map((count) => [...runtimes.map((runtime) => ours(runtime, count)), ...theirs('vmap', count)]),
  ];
}

/** About as much work in each round. */
const stepsOf = (count: number): number => Math.max(4, Math.ceil(24 / Math.max(1, count)));

async function timed({ title, steps }: ZooCase, starters: readonly Starter[], rounds: number): Promise<readonly ZooFigure[]> {
  const started = await Promise.allSettled(starters.map((starter) => starter.start()));
  const best = starters.map(() => ({ seconds: Infinity, processor: Infinity, peakBytes: 0 }));
  for (let round = -1; round < rounds; round++) {
    for (const [i, contender] of started.entries()) {
      if (contender.status === 'rejected') continue;
      try {
        const { seconds, processorSeconds, peakBytes } = await contender.value.run();
        if (round < 0) continue; // warms up
        const former = best[i]!;
        best[i] = { seconds: Math.min(former.seconds, seconds), processor: Math.min(former.processor, processorSeconds), peakBytes };
      } catch (error) {
        started[i] = { status: 'rejected', reason: error };
      }
    }
  }
  for (const contender of started) if (contender.status === 'fulfilled') contender.value.stop();
  return starters.flatMap(({ name, count }, i): ZooFigure[] => {
    const result = started[i]!;
    if (result.status === 'rejected') {
      console.log(`${title}, ${name}, ${count} at once: ${String(result.reason).slice(0, 300)}`);
      return [];
    }
    const each = (seconds: number): number => (1000 * seconds) / Math.max(1, count);
    const [milliseconds, processorMilliseconds] = [each(best[i]!.seconds), each(best[i]!.processor)];
    const networksAnHour = Math.round(3_600_000 / (steps * processorMilliseconds));
    const { commit } = taken();
    return [{ case: title, contender: name, count, milliseconds, processorMilliseconds, networksAnHour, peakBytes: best[i]!.peakBytes, load: loadavg()[0]!, commit }]; // prettier-ignore
  });
}

function tableOf(results: readonly ZooFigure[]): string {
  const lines = ['| networks | contender | at once | ms of processor | ms | networks an hour | against pytorch | peak GiB | load | commit |', '| --- | --- | --: | --: | --: | --: | --: | --: | --: | --- |']; // prettier-ignore
  for (const figure of results) {
    const loop = results.find((other) => other.case === figure.case && other.contender === 'pytorch');
    const ratio = loop === undefined ? '' : `${(loop.processorMilliseconds / figure.processorMilliseconds).toFixed(2)}×`;
    lines.push(`| ${figure.case} | ${figure.contender} | ${figure.count === 0 ? 'one by one' : figure.count} | ${figure.processorMilliseconds.toFixed(2)} | ${figure.milliseconds.toFixed(2)} | ${figure.networksAnHour.toLocaleString('en')} | ${ratio} | ${(figure.peakBytes / 2 ** 30).toFixed(1)} | ${figure.load.toFixed(1)} | ${figure.commit} |`); // prettier-ignore
  }
  return lines.join('\n');
}
