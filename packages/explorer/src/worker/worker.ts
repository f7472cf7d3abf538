import { makeHandlers } from './handlers.js';
import type { FromWorker, ToWorker } from './protocol.js';
import { serveCalls } from './serve-calls.js';
import { buffersIn } from './buffers-in.js';

const page = globalThis as unknown as { postMessage(message: FromWorker, transfer: Transferable[]): void };

const server = serveCalls(makeHandlers(), (message) =>
  page.postMessage(message, message.type === 'answer' ? buffersIn(message.value) : []),
);

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => server.receive(data));
