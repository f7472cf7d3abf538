// Every relative link of every Markdown file leads to a file that is there. When the repository has an address (npm run set-repository), and
// with --release in any case, READMEs of packages have no links that lead out of them: on npm they would lead nowhere.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from './bootstrap.mjs';
import { linksOut } from './packed/readme-links.mjs';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
let broken = 0;
for (const file of files.filter((name) => existsSync(join(root, name)))) {
  const text = readFileSync(join(root, file), 'utf8').replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
    if (/^([a-z]+:|#)/.test(target)) continue;
    if (existsSync(join(root, dirname(file), decodeURI(target.split('#')[0])))) continue;
    console.error(`${file}: ${target} is not there`);
    broken += 1;
  }
}
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (repository !== undefined || process.argv.includes('--release')) {
  for (const file of files.filter((name) => /^packages\/[^/]+\/README\.md$/.test(name))) {
    for (const to of linksOut(readFileSync(join(root, file), 'utf8'))) {
      console.error(`${file}: ${to} is not in the package; make links absolute: npm run set-repository -- https://github.com/OWNER/NAME`);
      broken += 1;
    }
  }
}
process.exitCode = broken > 0 ? 1 : 0;
