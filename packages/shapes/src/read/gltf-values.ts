/** An object of a glTF file. */
export type Entry = Readonly<Record<string, unknown>>;

export const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** A value of a file for a message: `String` fails on `{ "toString": 1 }`. */
export const inWords = (value: unknown): string => ((JSON.stringify(value) as string | undefined) ?? 'none').slice(0, 40);
