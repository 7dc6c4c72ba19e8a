import type { Define } from '../define.ts';

export const status = ({ parent, t, act }: Define): void =>
  void parent
    .command('status')
    .description(t['help.status'])
    .action(
      act('status', async (s) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'glance');
        const report = (await commands.status()).statusOf(app);
        return { report, text: async () => (await import('../text/status.ts')).statusText(report, s.look) };
      }),
    );
