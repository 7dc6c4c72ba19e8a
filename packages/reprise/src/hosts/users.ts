import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

import { RepriseError } from '../lib/errors/index.ts';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The user that runs Reprise. HOME is taken from the environment: that is where its own tools look. */
function self(): User {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const home = process.env['HOME'];
  try {
    const { username, homedir } = userInfo();
    return { name: username, uid, gid, home: home ?? homedir };
  } catch {
    return { name: String(uid), uid, gid, home: home ?? '/' }; // a number that /etc/passwd does not know: containers
  }
}

/** Of /etc/passwd, else of whatever else the machine knows users from (`getent`). Throws `user.missing`. */
function userNamed(name: string, host: string): User {
  const local = entryOf(readFileSync('/etc/passwd', 'utf8'), name);
  const found =
    local ?? entryOf(spawnSync('getent', ['passwd', '--', name], { encoding: 'utf8' }).stdout ?? '', name);
  if (found === undefined) throw new RepriseError('user.missing', { user: name, host });
  return found;
}

/** Name, password, uid, gid, comment, home, shell: passwd(5). */
function entryOf(passwd: string, name: string): User | undefined {
  const line = passwd.split('\n').find((l) => l.startsWith(`${name}:`));
  const [, , uid, gid, , home] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/' };
}

/**
 * What goes before an argv to make it run as `user`: nothing for oneself. `setpriv` executes the program in its own
 * place, so that pid, signals and exit status are the program's. Throws `user.missing`, `user.forbidden`.
 */
export function become(
  name: string | undefined,
  host: string,
): { readonly user: User; readonly prefix: readonly string[] } {
  const me = self();
  if (name === undefined || name === me.name) return { user: me, prefix: [] };
  const user = userNamed(name, host);
  if (user.uid === me.uid) return { user: { ...user, home: me.home }, prefix: [] };
  if (me.uid !== 0) throw new RepriseError('user.forbidden', { user: name, self: me.name, host });
  return {
    user,
    prefix: ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--'],
  };
}
