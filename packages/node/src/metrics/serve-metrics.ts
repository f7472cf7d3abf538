import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { NetSpaceError } from '@netspace/prep';
import type * as Prometheus from 'prom-client';

/** A number that is told when it is asked for, or several of one name. */
export type Measure = OneNumber | SeveralNumbers;

interface OneNumber {
  /** As Prometheus has it, such as `netspace_worker_jobs_total`; what ends with `_total` only grows. */
  readonly name: string;
  readonly help: string;
  readonly value: () => number | Promise<number>;
  readonly by?: undefined;
}

interface SeveralNumbers extends Pick<OneNumber, 'name' | 'help'> {
  /** Name of the label that tells them apart. */
  readonly by: string;
  /** By value of the label. */
  readonly value: () => Readonly<Record<string, number>>;
}

/** The numbers of a measure as they are now, each with its labels. */
export async function numbersOf(
  measure: Measure,
): Promise<readonly (readonly [labels: Readonly<Record<string, string>>, number: number])[]> {
  if (measure.by === undefined) return [[{}, await measure.value()]];
  const { by } = measure;
  return Object.entries(measure.value()).map(([label, number]) => [{ [by]: label }, number]);
}

/** A server of measures. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/metrics` as Prometheus asks for it, with some numbers and those of the process itself.
 *
 * @param address a port, or HOST:PORT; a port alone is open to all machines, which see nothing but numbers
 * @throws NetSpaceError `INVALID_OPTION` for an address that is none, `UNAVAILABLE` if prom-client is not installed or the port is taken
 */
export async function serveMetrics(address: string, measures: readonly Measure[]): Promise<MetricsServer> {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new NetSpaceError('INVALID_OPTION', `--metrics: expected a port or HOST:PORT, such as 9464 or 127.0.0.1:9464, got '${address}'`);
  }
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await loaded();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const measure of measures) {
    const { name, help, by } = measure;
    const settings = { name, help, registers: [registry], labelNames: by === undefined ? [] : [by] };
    if (name.endsWith('_total')) {
      const counter: Prometheus.Counter = new Counter({
        ...settings,
        async collect() {
          const now = await numbersOf(measure);
          counter.reset();
          for (const [labels, number] of now) counter.inc(labels, number);
        },
      });
    } else {
      const gauge: Prometheus.Gauge = new Gauge({
        ...settings,
        collect: async () => (await numbersOf(measure)).forEach(([labels, number]) => gauge.set(labels, number)),
      });
    }
  }
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    const taken = (cause: Error): void =>
      reject(
        new NetSpaceError('UNAVAILABLE', `--metrics: expected a free port, got ${address}, which cannot be used; name another`, { cause }),
      );
    server.once('error', taken).listen(Number(port), host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      registry.clear();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function loaded(): Promise<Pick<typeof Prometheus, 'collectDefaultMetrics' | 'Counter' | 'Gauge' | 'Registry'>> {
  try {
    return (await import('prom-client')).default;
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      '--metrics: expected the package prom-client, got none that loads; run `npm install prom-client`',
      { cause },
    );
  }
}
