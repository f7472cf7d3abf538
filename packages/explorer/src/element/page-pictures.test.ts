import '@tensorflow/tfjs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { encodePng } from '@netspace/report/pictures';
import { describeInChromium } from '@netspace/testing/chromium';
import { explorerStage } from '@netspace/testing/explorer/stage';
import { openingOf, pictureNow, pictureOf, VIEWS } from '@netspace/testing/explorer/views';
import { type PictureDifference, pictureDifference, type Pixels } from '@netspace/testing/picture-difference';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const kept = (name: string): string => join(root, 'testing/explorer-views', `${name}.png`);

/** On one machine two runs give the same pictures, to the pixel. Another one may smooth an edge otherwise; the smallest button has 31 pixels. */
const MOST = { share: 0.002, worst: 24 };
const isAlike = (difference: PictureDifference | undefined): boolean =>
  difference !== undefined && difference.share <= MOST.share && difference.worst <= MOST.worst;

// After a change on purpose: npx tsx testing/explorer/views-main.ts NAME, then look at the picture.
describeInChromium('Pictures of the explorer', () => {
  const stage = explorerStage({ withShapes: true });

  it.each(VIEWS)('$name, $width pixels wide, $theme, is as it was when somebody looked at it', async (view) => {
    const page = await stage.open(stage[view.folder], openingOf(view));
    const bytes = await pictureOf(page, view);
    const difference = pictureDifference(pixelsOf(bytes), pixelsOf(await readFile(kept(view.name))));
    if (!isAlike(difference)) await leave(view.name, bytes, difference);
    expect({ share: difference?.share, worst: difference?.worst }, `out/explorer-views/${view.name}.png shows it`).toEqual({
      share: expect.toSatisfy((share: number) => share <= MOST.share) as number,
      worst: expect.toSatisfy((worst: number) => worst <= MOST.worst) as number,
    });
  });

  it('sees when a part is gone, moved, or of another color', async () => {
    const view = VIEWS[0]!;
    const page = await stage.open(stage.digits, openingOf(view));
    const expected = pixelsOf(await readFile(kept(view.name)));
    await pictureOf(page, view);
    const seen: Record<string, boolean> = {};
    const BREAKS: readonly (readonly [name: string, selector: string, style: string])[] = [
      ['nothing', '.app', ''],
      ['no legend', '.legend', 'visibility: hidden'],
      ['no cursor', '.overlay .cursor', 'visibility: hidden'],
      ['no points', '.points', 'visibility: hidden'],
      ['no PRep', '.picture', 'visibility: hidden'],
      ['no name of the network', '.subject h2', 'visibility: hidden'],
      ['no button', '.map-side .button:nth-child(3)', 'visibility: hidden'],
      ['a panel that moved', '.view', 'transform: translate(3px, 0)'],
      ['a tab that is cut', '.tabs button', 'letter-spacing: -2px'],
      ['warnings in another color', '.app .problem', 'background: #dff5e3'],
    ];
    for (const [name, selector, style] of BREAKS) {
      const element = page.locator(selector).first();
      const before = await element.getAttribute('style');
      await element.evaluate((one, text) => one.setAttribute('style', text), `${before ?? ''};${style}`);
      seen[name] = !isAlike(pictureDifference(pixelsOf(await pictureNow(page, view)), expected));
      await element.evaluate((one, text) => one.setAttribute('style', text), before ?? '');
    }
    expect(seen).toEqual(Object.fromEntries(BREAKS.map(([name]) => [name, name !== 'nothing'])));
  });
});

function pixelsOf(png: Uint8Array): Pixels {
  const { width, height, channels, data } = decode(png);
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < Math.min(4, channels); c++) rgba[4 * i + c] = data[channels * i + c]!;
  return { width, height, data: rgba };
}

/** Leaves the picture, and where it differs, for somebody to look at. */
async function leave(name: string, bytes: Buffer, difference: PictureDifference | undefined): Promise<void> {
  const folder = join(root, 'out/explorer-views');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), bytes);
  if (difference === undefined) return;
  const { width, height, data } = difference.shown;
  await writeFile(join(folder, `${name}-difference.png`), encodePng({ width, height, data: new Uint8ClampedArray(data) }));
}
