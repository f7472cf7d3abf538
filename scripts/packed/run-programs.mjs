// Runs programs one after the other in this process, each in a new folder below FOLDER, and prints as JSON what each printed, or its error:
// `node run-programs.mjs FOLDER FILE…`. Loading TensorFlow.js anew for each program would take most of the time.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const print = process.stdout.write.bind(process.stdout);
const results = [];
for (const file of files) {
  let printed = '';
  process.stdout.write = (text) => {
    printed += text;
    return true;
  };
  process.chdir(mkdtempSync(join(folder, 'run-'))); // for what it writes
  try {
    await import(pathToFileURL(file));
    results.push({ printed });
  } catch (error) {
    results.push({ error: String(error?.stack ?? error) });
  }
}
print(JSON.stringify(results), () => process.exit(0)); // runtimes leave threads behind
