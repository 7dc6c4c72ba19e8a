import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import { output } from '../tool.ts';
import type { RootRights } from './inventory.ts';

/** Of the folder itself; undefined: not a folder. */
export async function rightsOf(root: string, at: Context): Promise<RootRights | undefined> {
  const stat = await at.host.stat(root, at.signal);
  if (stat?.type !== 'directory') return undefined;
  return { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, acl: await aclOf(root, at) };
}

/** Source: acl(5), getfacl(1). A folder without entries beyond owner, group and others has none worth keeping. */
async function aclOf(root: string, at: Context): Promise<string | null> {
  const found = await optional(['getfacl', '-n', '-c', '-p', '--', root], at);
  const lines = found?.split('\n').filter((l) => l !== '') ?? [];
  return lines.length > 3 ? `${lines.join('\n')}\n` : null;
}

/**
 * Gives a folder its recorded owner and mode. Owners only root can give: where it fails, `verify` says so. Mode after
 * owner: chown clears set-id bits. Source: chown(2).
 */
export async function giveRights(folder: string, root: RootRights, at: Context): Promise<void> {
  await optional(['chown', '-h', `${root.uid}:${root.gid}`, '--', folder], at);
  await optional(['chmod', root.mode.toString(8).padStart(5, '0'), '--', folder], at);
  if (root.acl !== null) await optional(['setfacl', '--set-file=-', '--', folder], at, root.acl);
}

/** stdout, or undefined where the program is missing or failed. */
async function optional(
  argv: readonly [string, ...string[]],
  at: Context,
  stdin?: string,
): Promise<string | undefined> {
  try {
    const { exit, stdout } = await output(at.host, { argv }, at.signal, stdin);
    return exit.code === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'process.missing') return undefined;
    throw error;
  }
}
