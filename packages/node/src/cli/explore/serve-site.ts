import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CONTENT_POLICY } from '@netspace/explorer';
import { NetSpaceError } from '@netspace/prep';
import sirv from 'sirv';

/** A server of this machine. */
export interface SiteServer {
  readonly address: string;
  readonly server: Server;
}

/**
 * Serves the page and the folder that it shows on this machine alone. Files are read when they are asked for, so that a folder which changes is
 * shown as it is; parts of files can be asked for, so that a download goes on where it broke off.
 *
 * @param folders the first that has a file gives it
 * @param port 0 for any that is free
 * @throws NetSpaceError `UNAVAILABLE` if the port is taken
 */
export async function serveSite(folders: readonly string[], port: number): Promise<SiteServer> {
  const handlers = folders.map((folder) => sirv(folder, { dev: true, dotfiles: false, setHeaders: (response) => void response.setHeader('content-security-policy', CONTENT_POLICY) })); // prettier-ignore
  const server = createServer((request, response) => {
    const from = (index: number): void => {
      const handler = handlers[index];
      if (handler !== undefined) handler(request, response, () => from(index + 1));
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.\n');
    };
    from(0);
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new NetSpaceError('UNAVAILABLE', `explore: expected port ${port} to be free, got one in use; choose another with --port`, {
      cause,
    });
  }
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
