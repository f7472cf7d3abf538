import { NetSpaceError } from '@netspace/prep';
import { Redis } from 'ioredis';

interface Server {
  readonly url: string;
  readonly password?: string | undefined;
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
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
    started = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const reason = problem ?? (error instanceof Error ? error.message : String(error));
    const remedy = /CERT|ISSUER|SIGNATURE|ALTNAME/.test(reason)
      ? 'its certificate is not trusted here: NODE_EXTRA_CA_CERTS names the file of an authority of your own when the process starts'
      : 'start one there, or check address and password';
    throw new NetSpaceError('UNAVAILABLE', `openJobQueue: expected a Redis or Valkey at ${host}, got ${reason}; ${remedy}`);
  } finally {
    clearTimeout(timer);
  }
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

/** It is not repeated: it may hold a password. */
const notAnAddress = (): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', 'openJobQueue: expected an address such as redis://HOST or rediss://HOST:6380, got something else');
