import type { Define } from '../define.ts';

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
        return { report, text: async () => (await import('../text/runs.ts')).dueText(report, s.look) };
      }),
    );
