import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, optional, parseOptions, text } from '@netspace/prep/internal';
import { Redis } from 'ioredis';

/** See {@link QueueServer}. */
export const queueServer = objectOf({
  /** Address of a Redis or Valkey: `redis://HOST`, or `rediss://HOST:PORT` with TLS. */
  url: text,
  /** The password, if the address has none: command lines are seen by others. */
  password: optional(text),
});

/** Where a server is. */
export interface QueueServer extends GivenBy<typeof queueServer> {}

interface Server extends QueueServer {
  readonly onOutage?: ((problem: string | undefined) => void) | undefined;
}

/** How long a server may take to answer first, in milliseconds. */
const FIRST_ANSWER = 10_000;

/**
 * Connects to a Redis or Valkey. Later outages are waited for; at the beginning a server that does not answer is refused.
 *
 * @throws NetSpaceError `INVALID_OPTION` for an address that is none, `UNAVAILABLE` if no server answers
 */
export async function connect({ url, password, onOutage }: Server): Promise<Redis> {
  const host = hostOf(url);
  const database = databaseOf(url);
  const redis = new Redis(withPassword(url, password), {
    maxRetriesPerRequest: null, // a call waits until the server is back
    retryStrategy: (times) => Math.min(100 * times, 2000) * (0.5 + Math.random() / 2),
    lazyConnect: true,
  });
  let problem: string | undefined;
  let started = false;
  redis.on('error', (error: Error & { readonly code?: string }) => {
    const said = error.code ?? error.message;
    if (started && problem === undefined) onOutage?.(`${host}: ${said}`);
    problem = said;
  });
  redis.on('ready', () => {
    if (started && problem !== undefined) onOutage?.(undefined);
    problem = undefined;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('no answer')), FIRST_ANSWER)));
  try {
    const answer = redis.connect().then(() => redis.select(database)); // ioredis goes on in database 0 where the server has no such one
    answer.catch(() => undefined); // told by the race, or late
    await Promise.race([answer, late]);
    started = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const reason = problem ?? (error instanceof Error ? error.message : String(error));
    throw new NetSpaceError('UNAVAILABLE', `openJobQueue: expected a Redis or Valkey at ${host}, got ${reason}; ${remedyFor(reason)}`);
  } finally {
    clearTimeout(timer);
  }
}

function remedyFor(reason: string): string {
  if (/CERT|ISSUER|SIGNATURE|ALTNAME/.test(reason))
    return 'its certificate is not trusted here: NODE_EXTRA_CA_CERTS names the file of an authority of your own when the process starts';
  if (/DB index/.test(reason)) return 'name a database that it has, such as redis://HOST/0';
  return 'start one there, or check address and password';
}

/** An address with a password, if it has none of its own: ioredis forgets an option beside a user of the address. */
function withPassword(url: string, password: string | undefined): string {
  const address = new URL(url);
  if (password === undefined || address.password !== '') return url;
  address.password = encodeURIComponent(password);
  return address.href;
}

/**
 * The server of an address, without user and password.
 *
 * @throws NetSpaceError `INVALID_OPTION` if it is no address of a server
 */
export function hostOf(url: string): string {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw notAnAddress();
  }
  if (!['redis:', 'rediss:'].includes(address.protocol) || address.hostname === '') throw notAnAddress();
  return `${address.protocol}//${address.host}`;
}

/** The database that an address names after its host. */
function databaseOf(url: string): number {
  const { pathname } = new URL(url);
  const [, digits] = /^\/?(\d*)$/.exec(pathname) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `openJobQueue: expected the number of a database after ${hostOf(url)}, got ${JSON.stringify(pathname)}; write ${hostOf(url)}/3 or ${hostOf(url)}`,
  );
}

/** It is not repeated: it may hold a password. */
const notAnAddress = (): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', 'openJobQueue: expected an address such as redis://HOST or rediss://HOST:6380, got something else');

/**
 * Sees that a server answers, and has the database that the address names, before anything is planned for it.
 *
 * @throws NetSpaceError as `openJobQueue`
 * @example
 * ```ts no-run
 * import { checkQueueServer } from '@netspace/queue';
 *
 * await checkQueueServer({ url: 'redis://localhost' });
 * ```
 */
export async function checkQueueServer(server: QueueServer): Promise<void> {
  (await connect(parseOptions('checkQueueServer', queueServer, server))).disconnect();
}
