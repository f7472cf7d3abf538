import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Plugin } from 'vite';

/** Where a bundled module's package lies. */
const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * Two plugins, for the page and for its workers, that together write `licenses.md`: the terms of everything that is bundled. Vite's own list knows
 * nothing of workers.
 */
export function thirdPartyLicenses(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>();
  const note: Plugin['generateBundle'] = (_options, bundle) => {
    for (const part of Object.values(bundle)) {
      for (const id of part.type === 'chunk' ? part.moduleIds : part.originalFileNames) {
        const [, folder] = PACKAGE.exec(id) ?? [];
        if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
      }
    }
  };
  return {
    worker: () => ({ name: 'note-licenses', generateBundle: note }),
    page: {
      name: 'write-licenses',
      generateBundle(options, bundle, isWrite) {
        void note.call(this, options, bundle, isWrite);
        const texts = [...folders].map(textOf).sort();
        this.emitFile({
          type: 'asset',
          fileName: 'licenses.md',
          source: `# What is bundled here, and on which terms\n\n${[...new Set(texts)].join('\n\n')}\n`,
        });
      },
    },
  };
}

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, string>>;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `## ${name} ${version} (${license})${file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`}`;
}
