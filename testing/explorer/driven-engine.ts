import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';
import type { CallName, Calls } from '../../packages/explorer/src/worker/messages/protocol.js';
import { launchChromium } from '../chromium.js';

/** How a call ended, and what it told before. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly progress: readonly unknown[];
}

/** What the page's script offers to what is evaluated in it. */
export interface Driven {
  call(name: string, request: unknown, options?: { readonly stopAfter?: number | undefined }): Promise<Outcome>;
}

const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/driver.js"></script>';
const DRIVER = `
import { startEngine } from './engine.js';
const engine = startEngine();
globalThis.driven = {
  async call(name, request, { stopAfter } = {}) {
    const [progress, controller] = [[], new AbortController()];
    const onProgress = (value) => {
      progress.push(value);
      if (progress.length === stopAfter) controller.abort();
    };
    try {
      return { value: await engine.call(name, request, { signal: controller.signal, onProgress }), progress };
    } catch (error) {
      return { error: { code: error.code, message: error.message }, progress };
    }
  },
};
document.title = 'ready';
`;

/** The engine in a page of Chromium, under the page's content policy. */
export interface DrivenEngine {
  readonly page: Page;
  readonly address: string;
  outcome(name: CallName, request: unknown, options?: { readonly stopAfter?: number }): Promise<Outcome>;
  /** The answer; an error of the engine is one of the test. */
  call<N extends CallName>(name: N, request: Calls[N]['request']): Promise<Calls[N]['answer']>;
  /** What the server answers in place of a file, by path. */
  readonly instead: Map<string, (response: ServerResponse, range: string | undefined) => void>;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** What the page complained of: errors that nobody caught, and breaches of the policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/**
 * Drives an engine that `buildExplorer` has built.
 *
 * @param built where to
 * @param folders whose folders the page opens
 * @param args switches of Chromium, such as those for WebGPU
 */
export async function drivenEngine(built: string, folders: readonly string[], args: readonly string[] = []): Promise<DrivenEngine> {
  await writeFile(join(built, 'driver.js'), DRIVER);
  await writeFile(join(built, 'index.html'), PAGE);
  const instead: DrivenEngine['instead'] = new Map();
  const [asked, complaints] = [[] as string[], [] as string[]];
  const server = await serveFolders([built, ...folders], {
    intercept(path, request, response) {
      asked.push(path);
      const answer = instead.get(path);
      answer?.(response, request.headers.range);
      return answer !== undefined;
    },
  });
  const browser = await launchChromium(args);
  const page = await browser.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(server.address);
  await page.waitForFunction("document.title === 'ready'");
  const outcome: DrivenEngine['outcome'] = (name, request, options = {}) =>
    page.evaluate(([call, given, how]) => (globalThis as unknown as { readonly driven: Driven }).driven.call(call, given, how), [
      name,
      request,
      options,
    ] as const);
  return {
    ...{ page, address: server.address, instead, asked, complaints, outcome },
    async call<N extends CallName>(name: N, request: Calls[N]['request']) {
      const { value, error } = await outcome(name, request);
      if (error !== undefined) throw new Error(`${name}: ${error.code}: ${error.message}`);
      return value as Calls[N]['answer'];
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
