/**
 * Text with its control characters written as `\\u001b`, so that no name of a file and no message can steer the terminal.
 *
 * Tabs and newlines stay. Within JSON the escape means the same character. Characters that turn the direction of text are escaped too: they
 * make one name look like another.
 */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
