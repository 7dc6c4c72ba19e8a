import { dirname } from 'node:path';

import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import { quote } from '../shell.ts';
import { output } from '../tool.ts';
import type { RootRights } from './inventory.ts';

/** Of the folder itself; undefined: not a folder. */
export async function rightsOf(root: string, at: Context): Promise<RootRights | undefined> {
  const stat = await at.host.stat(root, at.signal);
  if (stat?.type !== 'directory') return undefined;
  const time = await optional(['stat', '--format=%.9Y', '--', root], at);
  return {
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    acl: await aclOf(root, at),
    mtime: time?.trim() ?? null,
    xattrs: await xattrsOf(root, at),
  };
}

/**
 * Is something mounted exactly here? Then it can neither be renamed nor removed. A folder of the same file system may be
 * (a bind mount), which device numbers do not show; they decide where the program is missing. Source: mountpoint(1).
 */
export async function isMounted(root: string, at: Context): Promise<boolean> {
  if ((await optional(['mountpoint', '-q', '--', root], at)) !== undefined) return true;
  const [here, parent] = [await at.host.stat(root, at.signal), await at.host.stat(dirname(root), at.signal)];
  return here !== undefined && parent !== undefined && here.id.split(':')[0] !== parent.id.split(':')[0];
}

/** Source: acl(5), getfacl(1). A folder without entries beyond owner, group and others has none worth keeping. */
async function aclOf(root: string, at: Context): Promise<string | null> {
  const found = await optional(['getfacl', '-n', '-c', '-p', '--', root], at);
  const lines = found?.split('\n').filter((l) => l !== '') ?? [];
  return lines.length > 3 ? `${lines.join('\n')}\n` : null;
}

/** Not `security.*`, which this machine's policy gives, nor the ACL's own. Source: xattr(7), getfattr(1). */
async function xattrsOf(root: string, at: Context): Promise<string | null> {
  const argv = [
    'getfattr',
    '--absolute-names',
    '-d',
    '-e',
    'hex',
    '-m',
    '^(user|trusted)\\.',
    '--',
    root,
  ] as const;
  const found = await optional(argv, at);
  if (found === undefined) return null;
  const lines = found.split('\n').filter((l) => l !== '' && !l.startsWith('# file: '));
  return lines.toSorted().join('\n');
}

/**
 * Gives a folder its recorded owner, mode, ACL and extended attributes. Owners only root can give: where it fails,
 * `verify` says so. Mode after owner: chown clears set-id bits. Source: chown(2).
 */
export async function giveRights(folder: string, root: RootRights, at: Context): Promise<void> {
  await optional(['chown', '-h', `${root.uid}:${root.gid}`, '--', folder], at);
  await optional(['chmod', root.mode.toString(8).padStart(5, '0'), '--', folder], at);
  if (root.acl !== null) await optional(['setfacl', '--set-file=-', '--', folder], at, root.acl);
  if (root.xattrs !== null && root.xattrs !== '')
    await optional(['setfattr', '--restore=-'], at, `# file: .\n${root.xattrs}\n`, folder);
}

/** After the last name was put into the folder: each one changes its time. */
export async function giveTime(folder: string, { mtime }: RootRights, at: Context): Promise<void> {
  if (mtime !== null) await optional(['touch', '-c', '-m', '-d', `@${mtime}`, '--', folder], at);
}

/** The same as lines of a shell, for the kit; `folder` is quoted. */
export function rightsByHand(root: RootRights, folder: string): string {
  const lines = [`chown ${root.uid}:${root.gid} ${folder}`, `chmod ${root.mode.toString(8)} ${folder}`];
  if (root.acl !== null) lines.push(`${printed(root.acl.trimEnd())} | setfacl --set-file=- ${folder}`);
  if (root.xattrs !== null && root.xattrs !== '')
    lines.push(`(cd ${folder} && ${printed(`# file: .\n${root.xattrs}`)} | setfattr --restore=-)`);
  if (root.mtime !== null) lines.push(`touch -m -d @${root.mtime} ${folder}`);
  return lines.join(' && ');
}

const printed = (text: string): string => `printf '%s\\n' ${text.split('\n').map(quote).join(' ')}`;

/** stdout, or undefined where the program is missing or failed. */
async function optional(
  argv: readonly [string, ...string[]],
  at: Context,
  stdin?: string,
  cwd?: string,
): Promise<string | undefined> {
  try {
    const { exit, stdout } = await output(
      at.host,
      cwd === undefined ? { argv } : { argv, cwd },
      at.signal,
      stdin,
    );
    return exit.code === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'process.missing') return undefined;
    throw error;
  }
}
