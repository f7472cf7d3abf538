// NODE_OPTIONS=--import loads this into a process of a test: it writes the paths of all CommonJS modules that were loaded into the file NETSPACE_TEST_LOADED.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

process.once('exit', () =>
  writeFileSync(process.env['NETSPACE_TEST_LOADED'], Object.keys(createRequire(import.meta.url).cache).join('\n')),
);
