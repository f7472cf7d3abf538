import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { chromium, type Browser } from 'playwright-core';
import { describe } from 'vitest';

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
// A path that somebody gave must be right; only where nobody did and Debian's is not there, there is no Chromium.
const absent = process.env['CHROMIUM_PATH'] === undefined && !existsSync(path);

/** A suite in a real browser; skipped where there is none (Debian: `apt-get install chromium`, or set CHROMIUM_PATH). */
export function describeInChromium(name: string, suite: () => void): void {
  describe.skipIf(absent)(`${name} in Chromium`, suite);
}

/**
 * Chromium takes the last list only, so this one has what Playwright switches off, too. The pages that Chromium keeps ready below its address bar,
 * which nobody sees here, took a third of what a browser costs: 0.7 of 2 seconds of processor for each context.
 */
const SWITCHED_OFF = [
  ...[
    'AvoidUnnecessaryBeforeUnloadCheckSync',
    'DestroyProfileOnBrowserClose',
    'HttpsUpgrades',
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
  ],
  ...['MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
];

export const launchChromium = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      ...[`--disable-features=${SWITCHED_OFF.join(',')}`, ...args],
    ],
  });

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html; charset=utf-8' };

/** Serves what `contents` gives for a path on a loopback port; 404 where it gives nothing. */
export async function serve(
  contents: (path: string) => Uint8Array | string | undefined | Promise<Uint8Array | string | undefined>,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = createServer(({ url = '/' }, response) => {
    void Promise.resolve(contents(url)).then((body) => {
      const type = TYPES[url === '/' ? 'html' : (url.split('.').pop() ?? '')] ?? 'application/octet-stream';
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
