import { type Option, text, thing, valueOf } from '@netspace/prep/internal';

import type { SelectedRuntime } from '../runtime/select-runtime.js';

/** What started the run, for its record. */
export const command = text;

/** Everything that shapes a run, as JSON. */
export const config: Option<unknown> = valueOf<unknown>('the settings of the run, as JSON', (value) => value !== undefined);

/** What computes. */
export const runtime = thing<SelectedRuntime>('a runtime, as selectRuntime gives it', ['name', 'device', 'version']);
