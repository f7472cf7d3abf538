import type { IncomingMessage, ServerResponse } from 'node:http';

export const POLICY: string;

export function serveFolders(
  folders: readonly string[],
  options?: {
    readonly port?: number;
    readonly policy?: string;
    readonly bitsPerSecond?: number;
    readonly onSent?: (path: string, bytes: number) => void;
    readonly intercept?: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
  },
): Promise<{ readonly address: string; close(): void }>;
