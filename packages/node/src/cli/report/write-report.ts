import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { ReportData } from '@netspace/report';

import { isMissing } from '../../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';
import { writeAtomically } from '../../files/write-atomically.js';

export type ReportFormat = 'html' | 'md';

/** Charts in Markdown are drawn at twice their size, for screens that show two points a pixel. */
const DENSITY = 144;

/** Writes a report as one page, or as Markdown with its pictures in `pictures/` beside it. */
export async function writeReport(out: string, data: ReportData, format: ReportFormat): Promise<void> {
  const { renderMarkdown, renderReport } = await import('@netspace/report'); // its charts take seconds to load: not for every command
  if (format === 'html') {
    await writeAtomically(out, renderReport(data, { viewerScript: hasMeshes(data) ? await viewerScript() : undefined }));
    return;
  }
  const { text, files } = renderMarkdown(data);
  const folder = dirname(out);
  let written = text;
  for (const [path, picture] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    if ('png' in picture) {
      await writeAtomically(join(folder, path), picture.png);
      continue;
    }
    const { default: sharp } = await import('sharp');
    const png = path.replace(/\.svg$/, '.png');
    await writeAtomically(join(folder, png), await sharp(Buffer.from(picture.svg), { density: DENSITY }).png().toBuffer());
    written = written.replaceAll(`](${path})`, `](${png})`);
  }
  await writeAtomically(out, written);
}

/** What makes shapes turn in a page; undefined where that package was not built, as in a clone: shapes are still pictures then. */
async function viewerScript(): Promise<string | undefined> {
  const path = createRequire(import.meta.url).resolve('@netspace/report/viewer');
  try {
    return (await readRegularFile('report', path, FILE_LIMITS.json)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const hasMeshes = ({ sections }: ReportData): boolean => sections.some(({ figures = [] }) => figures.some(({ kind }) => kind === 'meshes'));
