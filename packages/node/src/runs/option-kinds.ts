import { type Option, text, thing, valueOf } from '@netspace/prep/internal';

import type { SelectedRuntime } from '../runtime/select-runtime.js';

/** The command that started the run, for its record. */
export const command = text;

/** Everything that influences the result of a run, as JSON. */
export const config: Option<unknown> = valueOf<unknown>('the settings of the run, as JSON', (value) => value !== undefined);

/** The file that the settings were read from, for who wants to change them. */
export const configFile = text;

/** The runtime that computes. */
export const runtime = thing<SelectedRuntime>('a runtime, as selectRuntime gives it', ['name', 'device', 'version']);
