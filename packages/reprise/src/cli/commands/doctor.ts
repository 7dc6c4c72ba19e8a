import type { Define } from '../define.ts';

export const doctor = ({ parent, t, act }: Define): void =>
  void parent
    .command('doctor')
    .description(t['help.doctor'])
    .action(
      act('doctor', async (s) => {
        const { commands, setUp } = await import('../../app.ts');
        const report = await (await commands.doctor()).examine(setUp(s.app), s.signal);
        return { report, text: async () => (await import('../text/findings.ts')).doctorText(report, s.look) };
      }),
    );
