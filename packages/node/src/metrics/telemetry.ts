import { NetSpaceError } from '@netspace/prep';
import type * as OpenTelemetry from '@opentelemetry/api';

import { type Measure, numbersOf } from './serve-metrics.js';

/** Traces and measures of a build or a worker. */
export interface Telemetry {
  /** Runs a task in a span, which is the child of that in which this is called. */
  span<T>(name: string, facts: Readonly<Record<string, string | number>>, task: () => Promise<T>): Promise<T>;
  /** Tells some numbers whenever they are read. */
  measure(measures: readonly Measure[]): void;
  /** Sends what was not sent yet. */
  flush(): Promise<void>;
}

/** Without `--telemetry` nothing is traced, and nothing is loaded. */
export const NO_TELEMETRY: Telemetry = {
  span: (_, __, task) => task(),
  measure: () => undefined,
  flush: () => Promise.resolve(),
};

const NAME = '@netspace/node';

/**
 * Traces and measures through OpenTelemetry's API. Where they go is decided by the SDK that the user has registered in this process.
 *
 * @throws NetSpaceError `UNAVAILABLE` if the API is not installed, or no SDK is registered: everything would be lost without a word
 */
export async function openTelemetry(): Promise<Telemetry> {
  const { context, metrics, SpanStatusCode, trace, isSpanContextValid } = await loaded();
  const tracer = trace.getTracer(NAME);
  const probe = tracer.startSpan('netspace.telemetry');
  probe.end();
  if (!isSpanContextValid(probe.spanContext())) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      "--telemetry: expected an OpenTelemetry SDK that is registered in this process, got none of this API's version; load one with NODE_OPTIONS='--import ./telemetry.mjs', and see that `npm ls @opentelemetry/api` shows one version",
    );
  }
  return {
    async span(name, attributes, task) {
      const span = tracer.startSpan(name, { attributes });
      try {
        return await context.with(trace.setSpan(context.active(), span), task);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        span.end();
      }
    },
    measure(measures) {
      const meter = metrics.getMeter(NAME);
      for (const measure of measures) {
        const { name, help: description } = measure;
        const told = name.endsWith('_total') ? meter.createObservableCounter(name, { description }) : meter.createObservableGauge(name, { description }); // prettier-ignore
        told.addCallback(async (result) => (await numbersOf(measure)).forEach(([labels, number]) => result.observe(number, labels)));
      }
    },
    flush: () => flushAll([trace.getTracerProvider(), metrics.getMeterProvider()]),
  };
}

/** What all SDKs have, and the API has no word for. */
interface Flushable {
  getDelegate?(): Flushable;
  forceFlush?(): Promise<void>;
}

async function flushAll(providers: readonly object[]): Promise<void> {
  for (const provider of providers as readonly Flushable[]) {
    const own = provider.getDelegate?.() ?? provider;
    await own.forceFlush?.().catch(() => undefined); // whoever receives it is away
  }
}

async function loaded(): Promise<typeof OpenTelemetry> {
  try {
    return await import('@opentelemetry/api');
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      '--telemetry: expected the package @opentelemetry/api, got none that loads; run `npm install @opentelemetry/api bullmq-otel` and an SDK',
      { cause },
    );
  }
}
