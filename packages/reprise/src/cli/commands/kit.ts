import type { Define } from '../define.ts';

export function kit({ parent, t, act }: Define): void {
  const group = parent
    .command('kit')
    .description(t['help.kit'])
    .action(
      act('kit', async (s) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'read');
        const report = (await commands.kit()).recoveryKit(app);
        return { report, text: () => report.text };
      }),
    );
  group
    .command('check')
    .description(t['help.kit.check'])
    .option('--recovery-key-file <file>', t['help.key-file'])
    .action(
      act<[], { readonly recoveryKeyFile?: string }>('kit check', async (s, _, { recoveryKeyFile }) => {
        const { openApp, commands, setUp } = await import('../../app.ts');
        const { recoveryKey } = await import('../ask.ts');
        await using app = await openApp(s.app, 'write');
        const key = await recoveryKey(s, recoveryKeyFile);
        const report = await (await commands.kitCheck()).checkKit(app, setUp(s.app), key, s.signal);
        return { report, text: async () => (await import('../text/setup.ts')).kitCheckText(report, s.look) };
      }),
    );
}
