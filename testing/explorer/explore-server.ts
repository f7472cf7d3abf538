import { serveSite } from '../../packages/node/src/cli/explore/serve-site.js';
import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';

/** A server of a page and a folder: as `netspace explore` starts it, or one that gives out the files of a static site. */
export interface ExploreServer {
  readonly address: string;
  stop(): void;
}

export async function exploreServer(kind: 'netspace explore' | 'a static site', folders: readonly string[]): Promise<ExploreServer> {
  if (kind === 'a static site') {
    const { address, close } = await serveFolders(folders);
    return { address, stop: close };
  }
  const { address, server } = await serveSite(folders, 0);
  return {
    address,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
