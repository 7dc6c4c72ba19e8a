import type { z } from 'zod';

import { unlooked } from '../../lib/errors/index.ts';
import type { Context, Proposal } from '../kind.ts';
import { output, textOf } from './run.ts';
import type { PostgresSpec } from './spec.ts';

type At = Pick<Context, 'host' | 'signal' | 'log'>;

/** Where packages put the socket and its lock file; then the data directories under the given roots. */
const socketDirectories = ['/var/run/postgresql', '/tmp'];

/** Servers that run here, found by the files each keeps: `.s.PGSQL.<port>.lock` and `postmaster.pid`. */
export async function* discover(
  at: At,
  roots: readonly string[],
): AsyncGenerator<Proposal<z.input<typeof PostgresSpec>>> {
  const seen = new Set<number>();
  for (const file of [...(await socketLocks(at)), ...(await pidFiles(roots, at))]) {
    const server = await readLock(file, at);
    if (server === undefined || seen.has(server.pid)) continue;
    seen.add(server.pid);
    yield {
      name: server.port === 5432 ? 'postgres' : `postgres-${server.port}`,
      kind: 'postgres',
      spec: {
        connection: {
          host: server.socket === '' ? '127.0.0.1' : server.socket,
          port: server.port,
          user: server.owner,
        },
        ...(server.socket === '' ? {} : { run_as: server.owner }),
      },
      bytes: null,
      because: `${server.data} (pid ${server.pid})`,
    };
  }
}

async function socketLocks(at: At): Promise<readonly string[]> {
  const found: string[] = [];
  for (const directory of socketDirectories) {
    if ((await at.host.stat(directory, at.signal)) === undefined) continue;
    for (const name of await at.host.list(directory, at.signal))
      if (/^\.s\.PGSQL\.\d+\.lock$/.test(name)) found.push(`${directory}/${name}`);
  }
  return found;
}

async function pidFiles(roots: readonly string[], at: At): Promise<readonly string[]> {
  if (roots.length === 0) return [];
  const argv = ['find', ...roots, '-maxdepth', '4', '-xdev', '-name', 'postmaster.pid', '-print0'] as const;
  const { stdout } = await output(at.host, { argv: [...argv] }, at.signal);
  return stdout.split('\0').filter((path) => path !== '');
}

interface Server {
  readonly pid: number;
  readonly data: string;
  readonly port: number;
  /** '' where it has none. */
  readonly socket: string;
  readonly owner: string;
}

/**
 * Both files begin alike: pid, data directory, start time, port, socket directory. undefined where the process is gone
 * or the file may not be read. Source: PostgreSQL source, `miscadmin.h`, "Data directory lock file".
 */
async function readLock(file: string, at: At): Promise<Server | undefined> {
  try {
    const [pid = '', data = '', , port = '', socket = ''] = (
      await textOf(await at.host.read(file, at.signal), 65_536)
    ).split('\n');
    if (!/^\d+$/.test(pid) || !/^\d+$/.test(port)) return undefined;
    if ((await at.host.stat(`/proc/${pid}`, at.signal)) === undefined) return undefined;
    const owner = await output(at.host, { argv: ['stat', '-c', '%U', '--', file] }, at.signal);
    return { pid: Number(pid), data, port: Number(port), socket, owner: owner.stdout.trim() };
  } catch (e) {
    at.signal.throwIfAborted();
    at.log(unlooked(file, e));
    return undefined;
  }
}
