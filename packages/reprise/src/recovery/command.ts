import type { PlanCommand } from '@reprise/contracts';

import { howEnded } from '../hosts/finish.ts';
import type { Exit } from '../hosts/host.ts';
import type { Context } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { commandOf, perform as performOn } from '../services/planned.ts';

/** Runs a command of the plan to its end or its timeout; its output is read and dropped. */
export async function perform(
  command: PlanCommand,
  variables: Readonly<Record<string, string>>,
  { host, secret }: Pick<Context, 'secret' | 'host'>,
  signal: AbortSignal,
): Promise<Exit | 'timeout'> {
  return await performOn(host, await commandOf(command, variables, secret), signal);
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
