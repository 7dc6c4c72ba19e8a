import { howEnded } from '../../hosts/finish.ts';
import { perform } from '../command.ts';
import { failed, passed, unable, type CheckKind } from './check.ts';

/** A command of the plan: exit 0. Its output is not kept: it may hold what nobody should read in a report. */
export const commandCheck: CheckKind<'command'> = {
  subject: (check) => check.command.argv[0],
  expected: () => 'exit 0',
  probe: async (check, { variables, target, signal }) => {
    if (variables === null) return unable('elsewhere');
    const exit = await perform(check.command, variables, target.context, signal);
    if (exit === 'timeout') return failed('timeout');
    return exit.code === 0 ? passed(howEnded(exit)) : failed('exit', howEnded(exit));
  },
};
