import type { Define } from '../define.ts';
import { isTerminal } from '../session.ts';

export const due = ({ parent, t, act }: Define): void =>
  void parent
    .command('due')
    .description(t['help.due'])
    .option('--run', t['help.due.run'])
    .action(
      act<[], { readonly run?: boolean }>('due', async (s, _, { run = false }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, run ? 'write' : 'read');
        const report = await (await commands.due()).runDue(app, { run }, s.signal);
        // A line of cron sends whatever is said as mail, every few minutes.
        const silent = run && !s.verbose && !isTerminal(s.io.stdout);
        const text = async (): Promise<string> => {
          const { dueText, isUneventful } = await import('../text/runs.ts');
          return silent && isUneventful(report) ? '' : dueText(report, s.look);
        };
        return { report, text };
      }),
    );
