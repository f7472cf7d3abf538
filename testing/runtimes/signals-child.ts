// Writes the signals that it hears, and ends with status 3 a while after the first.
import { appendFileSync } from 'node:fs';

const say = (word: string): void => appendFileSync(process.argv[2]!, `${word}\n`);
setTimeout(() => process.exit(9), 20_000); // a test that fails leaves nothing running

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    say(name);
    setTimeout(() => {
      say('end');
      process.exit(3);
    }, 800);
  });
}
say(String(process.pid));
