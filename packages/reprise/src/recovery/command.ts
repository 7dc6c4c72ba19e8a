import type { PlanCommand } from '@reprise/contracts';

import { howEnded, outcome } from '../hosts/finish.ts';
import type { Command, Exit } from '../hosts/host.ts';
import type { Context } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Secret } from '../lib/secret.ts';

/**
 * A command of the plan with the values of the place last, so that nothing leads back to the live system; its secrets
 * are fetched now, for this process alone.
 */
async function commandOf(
  command: PlanCommand,
  variables: Readonly<Record<string, string>>,
  context: Pick<Context, 'secret'>,
): Promise<Command> {
  const secrets: Record<string, Secret> = {};
  for (const [name, ref] of Object.entries(command.secrets)) secrets[name] = await context.secret(ref);
  return {
    argv: command.argv,
    user: command.user,
    cwd: command.cwd,
    env: { ...command.env, ...variables },
    secrets,
  };
}

/** Runs it to its end or its timeout (ms); its output is read and dropped. */
export async function perform(
  command: PlanCommand,
  variables: Readonly<Record<string, string>>,
  context: Pick<Context, 'secret' | 'host'>,
  signal: AbortSignal,
): Promise<Exit | 'timeout'> {
  const timeout = AbortSignal.timeout(command.timeout);
  const either = AbortSignal.any([signal, timeout]);
  try {
    return await outcome(context.host, await commandOf(command, variables, context), either);
  } catch (e) {
    signal.throwIfAborted();
    if (timeout.aborted) return 'timeout';
    throw e;
  }
}

/** As `perform`; throws `recovery.command-failed` for anything but exit 0. `what` names it in the message. */
export async function succeed(
  what: string,
  command: PlanCommand,
  variables: Readonly<Record<string, string>>,
  context: Pick<Context, 'secret' | 'host'>,
  signal: AbortSignal,
): Promise<void> {
  const exit = await perform(command, variables, context, signal);
  if (exit === 'timeout')
    throw new RepriseError('recovery.command-failed', { what, how: `> ${command.timeout} ms`, stderr: '' });
  if (exit.code !== 0)
    throw new RepriseError('recovery.command-failed', {
      what,
      how: howEnded(exit),
      stderr: exit.stderr.trim(),
    });
}
