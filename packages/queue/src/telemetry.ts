import { NetSpaceError } from '@netspace/prep';
import type { Telemetry } from 'bullmq';

/**
 * What traces and counts jobs through OpenTelemetry's API, as BullMQ's own package does it. Nothing of it is loaded before.
 *
 * @throws NetSpaceError `UNAVAILABLE` if that package is not installed
 */
export async function telemetryOf(name: string): Promise<Telemetry> {
  try {
    const { BullMQOtel } = await import('bullmq-otel');
    return new BullMQOtel({ tracerName: name, meterName: name, enableMetrics: true });
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      'openJobQueue: expected the package bullmq-otel for telemetry, got none that loads; run `npm install bullmq-otel @opentelemetry/api`',
      { cause },
    );
  }
}
