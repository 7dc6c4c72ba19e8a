import type { PlanCommand, SecretRef } from '@reprise/contracts';

import { outcome } from '../hosts/finish.ts';
import type { TimedCommand } from '../hosts/guardian.ts';
import type { Exit, Host } from '../hosts/host.ts';
import type { Secret } from '../lib/secret.ts';

/**
 * A command of the plan with the values of the place last, so that nothing leads back to the live system; its secrets
 * are fetched now, for this process alone.
 */
export async function commandOf(
  { argv, user, cwd, env, secrets, timeout }: PlanCommand,
  variables: Readonly<Record<string, string>>,
  secret: (ref: SecretRef) => Promise<Secret>,
): Promise<TimedCommand> {
  const fetched: Record<string, Secret> = {};
  for (const [name, ref] of Object.entries(secrets)) fetched[name] = await secret(ref);
  return { argv, user, cwd, env: { ...env, ...variables }, secrets: fetched, timeout };
}

/** Runs it to its end or its timeout; its output is read and dropped. */
export const perform = async (
  host: Host,
  command: TimedCommand,
  signal: AbortSignal,
): Promise<Exit | 'timeout'> =>
  await within(command.timeout, signal, (either) => outcome(host, command, either));

/** What `act` gives, or 'timeout' when it took longer (ms): by then it has been ended. */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  act: (either: AbortSignal) => Promise<T>,
): Promise<T | 'timeout'> {
  const timeout = AbortSignal.timeout(ms);
  try {
    return await act(AbortSignal.any([signal, timeout]));
  } catch (e) {
    signal.throwIfAborted();
    if (timeout.aborted) return 'timeout';
    throw e;
  }
}
