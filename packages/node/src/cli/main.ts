#!/usr/bin/env node
import { runCli } from './run-cli.js';

const code = await runCli(process.argv.slice(2));
// Runtimes leave threads and handles behind; leave when stdout is written.
process.stdout.write('', () => process.exit(code));
