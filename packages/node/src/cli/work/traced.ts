import { NO_TELEMETRY, openTelemetry, type Telemetry } from '../../metrics/telemetry.js';
import type { WorkOptions } from '../options/work-options.js';

/**
 * Runs a command in a span of its own if `--telemetry` was given, and sends at its end what was traced and measured.
 *
 * @throws NetSpaceError as `openTelemetry`, before anything is run
 */
export async function traced<Result>(
  command: string,
  { telemetry: isWanted }: WorkOptions,
  facts: Readonly<Record<string, string | number>>,
  run: (telemetry: Telemetry) => Promise<Result>,
): Promise<Result> {
  const telemetry = isWanted === true ? await openTelemetry() : NO_TELEMETRY;
  try {
    return await telemetry.span(`netspace ${command}`, facts, () => run(telemetry));
  } finally {
    await telemetry.flush();
  }
}
