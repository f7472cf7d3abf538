import { isNetSpaceError } from '@netspace/prep';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** A call, and the keys of the options object that it is given. */
export type OptionsCall = readonly [keys: readonly string[], call: (options: never) => unknown];

/**
 * Tests that every function of a package refuses a misspelt option by name, and says which was meant; before it does anything else, so that
 * its other arguments may be anything.
 *
 * @param calls of exported functions, by name; a second options object of one function is `NAME: WHAT`
 * @param without exported functions that take no options: a new one has to be in one of both
 */
export function itRefusesMisspelt(
  exported: Readonly<Record<string, unknown>>,
  calls: Readonly<Record<string, OptionsCall>>,
  without: readonly string[],
): void {
  it.each(Object.entries(calls))('%s refuses a misspelt option by name', async (_, [keys, call]) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), misspelling, fc.anything(), async (key, misspell, value) => {
        const misspelt = misspell(key);
        fc.pre(misspelt !== '' && !keys.includes(misspelt));
        const message = await refusal(() => call({ [misspelt]: value } as never));
        expect(message).toMatch(new RegExp(`unknown option (?:\\S+\\.)?${misspelt}; did you mean (?:${keys.join('|')})\\?`));
      }),
      { numRuns: 20 },
    );
  });
  it('all functions are asked', () => {
    const functions = Object.keys(exported).filter((name) => typeof exported[name] === 'function');
    const asked = Object.keys(calls).map((name) => name.replace(/[:.].*/, ''));
    expect([...new Set([...asked, ...without])].sort()).toEqual(functions.sort());
  });
}

/** One letter twice, left out, or another. */
const misspelling = fc.tuple(fc.constantFrom('twice', 'left out', 'another'), fc.nat(1000)).map(([how, draw]) => (word: string) => {
  const at = draw % word.length;
  const letter = { twice: word[at]!.repeat(2), 'left out': '', another: 'x' }[how];
  return word.slice(0, at) + letter + word.slice(at + 1);
});

async function refusal(call: () => unknown): Promise<string> {
  try {
    const result = await call();
    if (typeof result === 'object' && result !== null && 'next' in result) await (result as AsyncGenerator).next();
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'INVALID_OPTION') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
