// The engine in other places than a page of its own: in another site's page, on graphics, on the runtime that is named.
import '@tensorflow/tfjs';
import { join } from 'node:path';

import { expectClose, vulkanEnvironment } from '@netspace/testing';
import { describeInChromium } from '@netspace/testing/chromium';
import { type Driven, drivenEngine } from '@netspace/testing/explorer/driven-engine';
import { at, engineStage } from '@netspace/testing/explorer/engine-stage';
import { SOFTWARE_GL } from '@netspace/testing/explorer/page';
import { expect, it } from 'vitest';

import { serveFolders } from '../../scripts/serve.mjs';

/** What the page's script keeps, in what is evaluated there. */
declare const driven: Driven;

describeInChromium('the runtimes of the engine', () => {
  const stage = engineStage();
  const { outcome, call } = stage;

  it("works in another site's page, its worker and that of UMAP too", async () => {
    const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${stage.engine.address}driver.js"></script>`;
    const other = await serveFolders([], {
      intercept(_, _request, response) {
        response.writeHead(200, { 'content-type': 'text/html' }).end(html);
        return true;
      },
    });
    const tab = await stage.page.context().browser()!.newPage();
    try {
      await tab.goto(other.address);
      await tab.waitForFunction("document.title === 'ready'");
      const source = `${stage.engine.address}digits/`;
      const opened = await tab.evaluate((address) => driven.call('open', { source: address, runtime: 'wasm' }), source);
      expect(opened.value).toMatchObject({ runtime: 'wasm' });
      expect((await tab.evaluate(() => driven.call('umap', { neighbors: 3 }))).error).toBeUndefined();
    } finally {
      await tab.close();
      other.close();
    }
  });

  // In software, for machines without a graphics card. Chromium says of both that they are emulated: the page takes them only if told to.
  it.for([
    ['webgpu', ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']],
    ['webgl', SOFTWARE_GL],
  ] as const)('computes on %s what it computes on wasm: which network, and what it answers', async ([runtime, args], { skip }) => {
    // A driver that is there and does not work fails the test; so does a browser without WebGL.
    if (runtime === 'webgpu') skip(vulkanEnvironment() === undefined, 'no Vulkan driver is installed');
    const other = await drivenEngine(join(stage.folder, 'page'), [stage.folder], args);
    try {
      const has = await other.page.evaluate(async (name) => {
        const { gpu } = navigator as unknown as { readonly gpu?: { requestAdapter(): Promise<unknown> } };
        return name === 'webgl' ? new OffscreenCanvas(1, 1).getContext('webgl2') !== null : Boolean(await gpu?.requestAdapter());
      }, runtime);
      expect({ runtime, has }).toEqual({ runtime, has: true });
      const place = at(stage.digits.networks[0]!.name);
      const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
      const seen = [];
      for (const [where, name] of [
        [stage.engine, 'wasm'],
        [other, runtime],
      ] as const) {
        expect(await where.call('open', { source: `${where.address}digits/`, runtime: name })).toMatchObject({ runtime: name });
        const { classId, classIdProbabilities } = await where.call('look', { place, images: 4 });
        const { probabilities } = await where.call('classify', { image, places: [place], vote: false });
        seen.push({ classId, numbers: [...classIdProbabilities, ...probabilities[0]!] });
      }
      expect(seen[1]!.classId).toBe(seen[0]!.classId);
      expectClose(seen[1]!.numbers, seen[0]!.numbers, 1e-4);
      expect(other.complaints).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('used the named runtime or refused it with words, and nothing else complained', async () => {
    const named = await outcome('open', { source: `${stage.engine.address}digits/`, runtime: 'webgpu' });
    expect(named.error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/runtime webgpu.*choose another/) as string });
    expect(await call('open', { source: `${stage.engine.address}digits/`, runtime: 'cpu' })).toMatchObject({ runtime: 'cpu' });
    expect(stage.engine.complaints).toEqual([]);
  });
});
