import { makeHandlers } from './messages/handlers.js';
import type { FromWorker, ToWorker } from './messages/protocol.js';
import { serveCalls } from './messages/serve-calls.js';
import { buffersIn } from './messages/buffers-in.js';

const page = globalThis as unknown as { postMessage(message: FromWorker, transfer: Transferable[]): void };

const server = serveCalls(makeHandlers(), (message) =>
  page.postMessage(message, message.type === 'answer' ? buffersIn(message.value) : []),
);

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => server.receive(data));
