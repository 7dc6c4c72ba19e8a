import type { Define } from '../define.ts';

export const resume = ({ parent, t, act }: Define): void =>
  void parent
    .command('resume')
    .description(t['help.resume'])
    .option('--abandon', t['help.resume.abandon'])
    .action(
      act<[], { readonly abandon?: boolean }>('resume', async (s, _, { abandon = false }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'write');
        const report = await (await commands.resume()).runResume(app, { abandon }, s.signal);
        return { report, text: async () => (await import('../text/runs.ts')).resumeText(report, s.look) };
      }),
    );
