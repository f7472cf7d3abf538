import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** A Redis or Valkey of this machine; undefined if none is installed (Debian: `apt-get install redis-server`). */
export const redisProgram = (): string | undefined =>
  PROGRAMS.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);

/** A real server on a free port of this machine, with a folder of its own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it, and starts it again: with what it had been told, if it keeps that on the disk. */
  restart(options?: { readonly downMs?: number }): Promise<void>;
  /** Sends it a command, such as `CONFIG SET maxmemory 1`, and gives its answer. */
  command(line: string): Promise<string>;
  stop(): Promise<void>;
}

/** A server that also speaks TLS. */
export interface TlsServer extends RedisServer {
  /** Its address with TLS. */
  readonly tlsUrl: string;
  /** File of the certificate of the authority that vouches for it: the value of NODE_EXTRA_CA_CERTS. */
  readonly authority: string;
}

/** Starts a server with a certificate from an authority of its own, as openssl makes them. */
export async function tlsRedisServer(options: { readonly keeps?: boolean; readonly password?: string } = {}): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'netspace-tls-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=authority of a test', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  openssl(
    ...['req', '-x509', ...key, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-keyout', at('server.key'), '-out', at('server.pem')], // prettier-ignore
  );
  const port = String(await freePort());
  const files = ['--tls-cert-file', at('server.pem'), '--tls-key-file', at('server.key'), '--tls-ca-cert-file', at('ca.pem')];
  const server = await redisServer({ ...options, more: ['--tls-port', port, ...files, '--tls-auth-clients', 'no'] });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...server, tlsUrl: `rediss://127.0.0.1:${port}`, authority: at('ca.pem'), stop };
}

interface ServerOptions {
  /** Whether it writes what it is told to the disk at once, so that it has it after a restart. */
  readonly keeps?: boolean;
  readonly password?: string;
  /** Further words of its command line. */
  readonly more?: readonly string[];
}

/** Starts a server for a test. */
export async function redisServer({ keeps = true, password = '', more = [] }: ServerOptions = {}): Promise<RedisServer> {
  const program = redisProgram();
  if (program === undefined) throw new Error('expected redis-server or valkey-server, got neither');
  const folder = mkdtempSync(join(tmpdir(), 'netspace-redis-'));
  const port = await freePort();
  const keeping = keeps ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const secret = password === '' ? [] : ['--requirepass', password];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(program, [...args, ...keeping, ...secret, ...more], { stdio: 'ignore' });
    for (let waits = 0; !(await answers(port)); waits++) {
      if (waits > 200) throw new Error(`${program} did not start on port ${port}`);
      await setTimeout(50);
    }
    return child;
  };
  let child = await start();
  const end = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async restart({ downMs = 0 } = {}) {
      await end();
      await setTimeout(downMs);
      child = await start();
    },
    command: (line) =>
      new Promise((resolve, reject) => {
        const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(`${line}\r\n`));
        socket.once('error', reject);
        socket.once('data', (text) => {
          socket.destroy();
          resolve(text.toString());
        });
      }),
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
