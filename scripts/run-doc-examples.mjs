// Runs files one after the other and compares what each `console.log(…); // EXPECTED` prints with its comment.
import { readFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';

const print = console.log;
const plain = (text) => text.replace(/\s+/g, ' ').trim();
let failed = false;

for (const file of process.argv.slice(2)) {
  const expected = [...readFileSync(file, 'utf8').matchAll(/console\.log\(.*\);(?: \/\/ (.*))?$/gm)].map(([, comment]) => comment);
  const printed = [];
  console.log = (...values) => printed.push(formatWithOptions({ breakLength: Infinity }, ...values));
  console.warn = console.info = () => undefined; // tfjs greets
  try {
    await import(file);
    const wrong = expected.findIndex((text, i) => text !== undefined && plain(text) !== plain(printed[i] ?? 'nothing'));
    if (wrong >= 0) throw new Error(`expected line ${wrong + 1} to print '${expected[wrong]}', got '${printed[wrong] ?? 'nothing'}'`);
  } catch (error) {
    failed = true;
    print(`✗ ${file.split('/').slice(-2).join('/')}: ${plain(String(error?.message ?? error))}`);
  }
}
process.exit(failed ? 1 : 0);
