import type { Secret } from '../../lib/secret.ts';
import { output, patiently } from '../invoke.ts';
import type { Restic } from '../restic.ts';

/** Adds a key that `password` opens; gives its id, for `keyHint`. The new password goes over stdin, never to disk. */
export async function addKey(
  restic: Restic,
  password: Secret,
  hint: { readonly user: string; readonly host: string },
  signal: AbortSignal,
): Promise<string> {
  const args = ['key', 'add', '--user', hint.user, '--host', hint.host] as const;
  const { stdout } = await output(restic, { args: [...args], input: password }, signal);
  const id = /with ID ([0-9a-f]{64})/.exec(stdout)?.[1];
  if (id === undefined) throw restic.failure({ code: 0, stderr: 'key add: no key id' });
  return id;
}

/** The key in use: `restic key list` marks it as current. */
export async function keyId(restic: Restic, signal: AbortSignal): Promise<string> {
  const id = (await listed(restic, signal)).find((k) => k.current)?.id;
  if (id === undefined) throw restic.failure({ code: 0, stderr: 'key list: no current key' });
  return id;
}

export async function keys(
  restic: Restic,
  signal: AbortSignal,
): Promise<readonly { readonly id: string; readonly user: string; readonly host: string }[]> {
  return (await listed(restic, signal)).map(({ id, userName, hostName }) => ({
    id,
    user: userName,
    host: hostName,
  }));
}

export async function removeKey(restic: Restic, id: string, signal: AbortSignal): Promise<void> {
  await patiently(
    restic,
    signal,
    async (retry) => await output(restic, { args: ['key', 'remove', ...retry, id] }, signal),
  );
}

interface Slot {
  readonly current: boolean;
  readonly id: string;
  readonly userName: string;
  readonly hostName: string;
}
async function listed(restic: Restic, signal: AbortSignal): Promise<readonly Slot[]> {
  const { stdout } = await output(restic, { args: ['key', 'list', '--json'] }, signal);
  return JSON.parse(stdout) as readonly Slot[];
}
