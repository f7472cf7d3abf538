import { isNetSpaceError } from '@netspace/prep';
import { type Option, parseOptions } from '@netspace/prep/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

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
    return refusedBy(error);
  }
  throw new Error('it was accepted');
}

/** The message with which a call refuses its options; fails where it accepts them, and for any other error. */
export function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return refusedBy(error);
  }
  throw new Error('it was accepted');
}

function refusedBy(error: unknown): string {
  if (isNetSpaceError(error) && error.code === 'INVALID_OPTION') return error.message;
  throw error;
}

/**
 * Tests that descriptions of options take what they need, and refuse by name what is unknown, missing or of a wrong kind.
 *
 * @param described each description, and the least that it takes
 * @param options `takes`: whether a key may have such a value, which is wrong for most
 */
export function itRefusesWrong(
  described: Readonly<Record<string, readonly [Option<unknown> & { readonly entries: object }, object]>>,
  { takes }: { readonly takes: (key: string, value: unknown) => boolean },
): void {
  describe.each(Object.entries(described))('options of %s', (_, [option, least]) => {
    const keys = Object.keys(option.entries);
    const refusalWith = (given: object): string => refusalOf(() => parseOptions('f', option, given));

    it('take what they need', () => {
      expect(() => parseOptions('f', option, least)).not.toThrow();
    });
    it('are refused by name if they are unknown, missing or of a wrong kind', () => {
      fc.assert(
        fc.property(fc.stringMatching(/^[a-z]\w*$/), fc.anything(), (key, value) => {
          fc.pre(!keys.includes(key));
          expect(refusalWith({ ...least, [key]: value })).toMatch(new RegExp(`^f: unknown option ${key}; `));
        }),
      );
      fc.assert(
        fc.property(fc.constantFrom(...keys), fc.constantFrom<unknown>(NaN, -1, null, Symbol('s'), 7n, [NaN], [null]), (key, value) => {
          fc.pre(!takes(key, value));
          expect(refusalWith({ ...least, [key]: value })).toMatch(new RegExp(`^f: expected ${key}(\\.0)? to be `));
        }),
      );
      for (const key of Object.keys(least)) {
        const rest = Object.fromEntries(Object.entries(least).filter(([other]) => other !== key));
        expect(refusalWith(rest)).toMatch(new RegExp(`^f: expected ${key} to be .*, got nothing`));
      }
    });
  });
}
