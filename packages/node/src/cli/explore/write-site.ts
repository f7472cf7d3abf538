import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { writeAtomically } from '../../files/write-atomically.js';

/** Where the workflow stands in a site. */
export const WORKFLOW = '.github/workflows/pages.yml';

/** Publishes the folder that it lies in: a repository of its own. */
const WORKFLOW_TEXT = `# Publishes this folder as a site of GitHub Pages: push it as a repository, and choose "GitHub Actions" under Settings, Pages.
name: pages
on:
  push:
    branches: [main]
permissions:
  contents: read
  pages: write
  id-token: write
concurrency: pages
jobs:
  publish:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: \${{ steps.deployment.outputs.page_url }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/upload-pages-artifact@v3
        with:
          path: .
      - id: deployment
        uses: actions/deploy-pages@v4
`;

/**
 * Adds to an exported folder the page that shows it, and a workflow that publishes both. The result needs no server of its own: any that gives
 * out files will do.
 *
 * @param page folder of the page
 */
export async function addPage(folder: string, page: string): Promise<void> {
  await cp(page, folder, { recursive: true, force: true });
  await writeAtomically(join(folder, '.nojekyll'), ''); // GitHub Pages would leave out what begins with _
  await mkdir(join(folder, '.github/workflows'), { recursive: true });
  await writeAtomically(join(folder, WORKFLOW), WORKFLOW_TEXT);
}
