import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../test/testbed/freePort.ts';
import type { Language } from './texts.ts';

/** Where everything of this performance is. */
export interface Setting {
  readonly language: Language;
  /** The temporary folder; everything but the copy lies in it. */
  readonly dir: string;
  /** "The machine": what is lost, Reprise's plan and state included. */
  readonly machine: string;
  /** Where a person stands: plan and state of Reprise. */
  readonly work: string;
  readonly primary: string;
  readonly copy: string;
  /** What the copy lies on: another file system, or (honestly) the same. */
  readonly otherFileSystem: 'memory' | 'mounted' | 'none';
  /** The folder or mount behind `copy`, to be cleared. */
  readonly site: string;
  readonly config: string;
  readonly portfolio: string;
  readonly portfolioPort: number;
  readonly pgBin: string;
  readonly pgData: string;
  readonly pgSocket: string;
  readonly pgPort: number;
  /** Whom PostgreSQL runs as; undefined: ourselves. */
  readonly pgUser: string | undefined;
  readonly pgSuperuser: string;
  readonly node: string;
}

/** A socket's path ends at 107 bytes, and a restore elsewhere puts one path below another. */
const shortEnough = (): string => (tmpdir().length <= 24 ? tmpdir() : '/tmp');

export async function makeSetting(language: Language): Promise<Setting> {
  const pgBin = newestPostgres();
  const dir = await mkdtemp(join(realpathSync(shortEnough()), 'reprise-demo-'));
  await chmod(dir, 0o755); // PostgreSQL's own user must get to its data
  const machine = join(dir, 'machine');
  await mkdir(machine);
  const root = process.getuid?.() === 0;
  const pgUser = root ? unprivileged() : undefined;
  const { site, otherFileSystem } = await otherSite(dir, root);
  return {
    language,
    dir,
    machine,
    work: join(machine, 'plan'),
    primary: join(machine, 'backups'),
    copy: join(dir, 'other-site', 'copy'),
    otherFileSystem,
    site,
    config: join(machine, 'config'),
    portfolio: join(machine, 'portfolio'),
    portfolioPort: await freePort(),
    pgBin,
    pgData: join(machine, 'postgres/data'),
    pgSocket: join(machine, 'postgres/run'),
    pgPort: await freePort(),
    pgUser,
    pgSuperuser: pgUser ?? userInfo().username,
    node: process.execPath,
  };
}

function newestPostgres(): string {
  const lib = '/usr/lib/postgresql';
  const [newest] = (existsSync(lib) ? readdirSync(lib) : [])
    .map((name) => ({ major: Number(name), bin: join(lib, name, 'bin') }))
    .filter(({ bin }) => existsSync(join(bin, 'initdb')))
    .toSorted((a, b) => b.major - a.major);
  const bin = newest?.bin ?? onPath();
  if (bin === undefined) throw new Error('PostgreSQL: make setup');
  return bin;
}

const onPath = (): string | undefined =>
  (process.env['PATH'] ?? '').split(':').find((folder) => existsSync(join(folder, 'initdb')));

/** The packages' own user, else nobody. */
function unprivileged(): string {
  for (const user of ['postgres', 'nobody'])
    try {
      execFileSync('id', ['-u', user], { stdio: 'ignore' });
      return user;
    } catch {
      // the next one
    }
  throw new Error('postgres: no unprivileged user');
}

/** Room that the copy needs, with some to spare; containers often have 64 MB of shared memory. */
const room = 48 * 1024 * 1024;

/** `other-site` on another file system: shared memory, else a tmpfs of our own (root), else the same one. */
async function otherSite(dir: string, root: boolean): Promise<Pick<Setting, 'site' | 'otherFileSystem'>> {
  const path = join(dir, 'other-site');
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (statSync(memory).dev !== statSync(dir).dev && bavail * bsize > room) {
      const site = await mkdtemp(join(memory, 'reprise-demo-'));
      await symlink(site, path);
      return { site, otherFileSystem: 'memory' };
    }
  } catch {
    // no shared memory for us here
  }
  await mkdir(path);
  if (root)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128m,mode=0700', 'reprise-demo', path], {
        stdio: 'ignore',
      });
      return { site: path, otherFileSystem: 'mounted' };
    } catch {
      // a container without that right
    }
  return { site: path, otherFileSystem: 'none' };
}

/** The copy moves into the demonstration's folder, under the path that it had: memory and mounts are given back. */
export async function giveBackSite(s: Setting, keep: boolean): Promise<void> {
  const path = join(s.dir, 'other-site');
  if (s.otherFileSystem === 'none') return;
  const beside = join(s.dir, 'other-site.kept');
  if (keep) execFileSync('cp', ['-a', '--', `${s.site}/.`, beside]);
  if (s.otherFileSystem === 'mounted') {
    execFileSync('umount', ['-l', path]);
    await rm(path, { recursive: true });
  } else {
    await rm(path, { force: true });
    await rm(s.site, { recursive: true, force: true });
  }
  if (keep) execFileSync('mv', ['--', beside, path]);
}
