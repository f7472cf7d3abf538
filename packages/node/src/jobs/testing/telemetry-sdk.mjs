// NODE_OPTIONS=--import loads this into builders and workers of a test: OpenTelemetry's own SDK, of which spans and measures go into a file of the
// folder NETSPACE_TEST_SPANS when the process ends.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { metrics } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const spans = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register();
const numbers = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const readers = [new PeriodicExportingMetricReader({ exporter: numbers, exportIntervalMillis: 3_600_000 })];
metrics.setGlobalMeterProvider(new MeterProvider({ readers }));

process.once('exit', () => {
  const ended = spans.getFinishedSpans().map((span) => {
    const { name, attributes, events, status, links, parentSpanContext } = span;
    return { name, attributes, events, status, links, parent: parentSpanContext?.spanId, ...span.spanContext() };
  });
  if (ended.length === 0) return;
  const measures = numbers.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: each }) => each));
  writeFileSync(join(process.env['NETSPACE_TEST_SPANS'], `${process.pid}.json`), JSON.stringify({ spans: ended, measures }));
});
