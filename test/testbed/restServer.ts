import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { freePort } from './freePort.ts';
import { must, serve, until } from './process.ts';

export interface RestServerOptions {
  /** Snapshots can be added, never removed: a writer's identity cannot forget. */
  readonly appendOnly?: boolean;
  /** A self-signed certificate for 127.0.0.1 and localhost; `cacert` is what restic must be given. */
  readonly tls?: boolean;
  /** User → password; without it nobody is asked. */
  readonly htpasswd?: Readonly<Record<string, string>>;
  /** An existing folder, to serve the same data under other rules; default: a temporary one. */
  readonly directory?: string;
  readonly port?: number;
}
export interface RestServer extends AsyncDisposable {
  /** As restic wants it, without user: `rest:http://127.0.0.1:1234/<name>/`. */
  url(name: string, user?: string): string;
  readonly directory: string;
  readonly port: number;
  readonly cacert?: string;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

const program = resolve(import.meta.dirname, '../../.cache/tools/bin/rest-server');

/** A real rest-server over loopback. Disposing stops it and removes what it made itself. */
export async function startRestServer(options: RestServerOptions = {}): Promise<RestServer> {
  if (!existsSync(program)) throw new Error('rest-server is missing: run "make setup"');
  const home = await mkdtemp(join(tmpdir(), 'rp-rest-'));
  const directory = options.directory ?? join(home, 'data');
  const port = options.port ?? (await freePort());
  try {
    await mkdir(directory, { recursive: true });
    const cacert = options.tls === true ? await certificate(home) : undefined;
    const where = ['--path', directory, '--listen', `127.0.0.1:${port}`];
    const rules = options.appendOnly === true ? ['--append-only'] : [];
    const tls =
      cacert === undefined ? [] : ['--tls', '--tls-cert', cacert, '--tls-key', join(home, 'key.pem')];
    const users = options.htpasswd;
    const auth = users === undefined ? ['--no-auth'] : ['--htpasswd-file', await passwords(home, users)];
    const argv = [program, ...where, ...rules, ...tls, ...auth];
    const server = await serve(argv, { cwd: home });
    await until(
      () => answers(port),
      10,
      () => `rest-server does not listen on ${port}: ${server.said()}`,
      () => server.running(),
    );
    return {
      directory,
      port,
      ...(cacert === undefined ? {} : { cacert }),
      url: (name, user) => {
        const password = user === undefined ? undefined : options.htpasswd?.[user];
        const login = password === undefined ? '' : `${user}:${encodeURIComponent(password)}@`;
        return `rest:${cacert === undefined ? 'http' : 'https'}://${login}127.0.0.1:${port}/${name}/`;
      },
      stop: () => server.end('SIGTERM'),
      kill9: () => server.end('SIGKILL'),
      async [Symbol.asyncDispose]() {
        await server.end('SIGTERM');
        await rm(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

// The one digest of htpasswd's that needs no library; fine for a server that lives for a test.
const line = ([user, password]: [string, string]): string =>
  `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}`;

async function passwords(home: string, users: Readonly<Record<string, string>>): Promise<string> {
  const file = join(home, 'htpasswd');
  await writeFile(file, `${Object.entries(users).map(line).join('\n')}\n`, { mode: 0o600 });
  return file;
}

async function certificate(home: string): Promise<string> {
  const cert = join(home, 'cert.pem');
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    join(home, 'key.pem'),
  ];
  await must([
    'openssl',
    'req',
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
    ...key,
    '-out',
    cert,
  ]);
  return cert;
}
