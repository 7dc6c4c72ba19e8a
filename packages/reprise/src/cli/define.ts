import { CommanderError, type Command } from 'commander';

import type { Messages } from '../lib/i18n/index.ts';
import type { Act } from './session.ts';

/** What every command's file is given to define itself with. */
export interface Define {
  readonly parent: Command;
  readonly t: Messages;
  /** Wraps a command's work as the parser's action: `name` is what `--json` reports. */
  readonly act: <A extends readonly unknown[], O = object>(
    name: string,
    work: Act<A, O>,
  ) => (...given: unknown[]) => Promise<void>;
}

/** They take what is typed after them to say that it is no command of theirs. */
export const groups = new WeakSet<Command>();

/** A folder of commands (`plan`, `journal`) typed without one of them: its help, and exit 2. */
export function groupOf(parent: Command, name: string, description: string): Command {
  const group = parent
    .command(name)
    .description(description)
    .action((_options: unknown, command: Command) => {
      const typed = command.args[0];
      if (typed === undefined) command.help({ error: true });
      throw new CommanderError(
        2,
        'commander.unknownCommand',
        `error: unknown command '${name} ${typed ?? ''}'`,
      );
    });
  groups.add(group);
  return group;
}
