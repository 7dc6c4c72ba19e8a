import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import type { Host } from '../hosts/host.ts';
import { useWorkFolder } from '../hosts/work-folder.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Secret } from '../lib/secret.ts';

/** Where the password of a repository is: a file of mode 0600 that lasts (the machine key), or a value in memory. */
export type Password =
  | { readonly file: string }
  | { readonly secret: (signal: AbortSignal) => Promise<Secret> };

/** A file of mode 0600 with the password; one made for the occasion is gone at dispose. */
export interface PasswordFile extends AsyncDisposable {
  readonly path: string;
}

/**
 * Restic's own password goes over its stdin where stdin is free, so that a typed recovery key touches no disk; where
 * stdin carries data, or a second password is needed, through a file. Throws `repository.no-key`. Never through the
 * environment: `ssh` and `rclone`, which restic starts, and the producer of `--stdin-from-command` would inherit it.
 */
export async function passwordFile(
  password: Password | Secret,
  on: { readonly name: string; readonly host: Host; readonly home: string },
  signal: AbortSignal,
): Promise<PasswordFile> {
  if ('file' in password) {
    if ((await on.host.stat(password.file, signal)) === undefined)
      throw new RepriseError('repository.no-key', { repository: on.name, file: password.file });
    return { path: password.file, [Symbol.asyncDispose]: async () => {} };
  }
  const secret = 'secret' in password ? await password.secret(signal) : password;
  const folder = useWorkFolder(on.home);
  const path = join(folder.path, `password-${randomUUID()}`);
  const always = new AbortController().signal;
  const remove = async (): Promise<void> => {
    await on.host.remove(path, always);
    folder[Symbol.dispose]();
  };
  try {
    await on.host.mkdir(folder.path, 0o700, signal);
    await on.host.write(path, secret, 0o600, signal);
  } catch (e) {
    await remove().catch(() => {}); // the first error is the one to tell
    throw e;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

/** Beside a machine key: the id of the slot that it opens. No secret, and no more than a hint. */
export const keyIdFile = (machineKeyFile: string): string => `${machineKeyFile}.id`;
