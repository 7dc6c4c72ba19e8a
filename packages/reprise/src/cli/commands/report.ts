import { CommanderError } from 'commander';

import { groupOf, type Define } from '../define.ts';

interface Options {
  readonly write?: boolean;
  readonly check?: string;
}

export function report({ parent, t, act }: Define): void {
  groupOf(parent, 'report', t['help.report'])
    .command('recovery')
    .description(t['help.report.recovery'])
    .argument('[run]', t['help.report.run'])
    .option('--write', t['help.report.write'])
    .option('--check <file>', t['help.report.check'])
    .action(
      act<[string?], Options>('report', async (s, [run], { write = false, check }) => {
        const { openApp, commands } = await import('../../app.ts');
        if (check !== undefined) {
          // The record says which run it is of.
          const besides = [...(run === undefined ? [] : [run]), ...(write ? ['--write'] : [])];
          if (besides.length > 0) throw apart(['--check', ...besides]);
          await using app = await openApp(s.app, 'read');
          const checked = await (await commands.report()).checkRecovery(app, { file: check }, s.signal);
          return {
            report: checked,
            text: async () => (await import('../text/report.ts')).checkedText(checked, s.look),
          };
        }
        await using app = await openApp(s.app, 'read');
        const args = { run: run ?? null, write };
        const made = await (await commands.report()).reportRecovery(app, args, s.signal);
        return { report: made, text: () => made.text };
      }),
    );
}

/** Said by `main` as the parser's own are. */
const apart = (typed: readonly string[]): CommanderError =>
  new CommanderError(2, 'commander.conflictingOption', typed.map((t) => `'${t}'`).join(' '));
