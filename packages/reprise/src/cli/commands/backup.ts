import type { Define } from '../define.ts';

interface Options {
  readonly protection?: string;
  readonly fork?: boolean;
}

export const backup = ({ parent, t, act }: Define): void =>
  void parent
    .command('backup')
    .description(t['help.backup'])
    .argument('[names...]', t['help.backup.names'])
    .option('--protection <protection>', t['help.backup.protection'])
    .option('--fork', t['help.backup.fork'])
    .action(
      act<[string[]], Options>('backup', async (s, [names], options) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'write');
        const { runBackup, acceptFork } = await commands.backup();
        if (options.fork === true) acceptFork(app);
        const report = await runBackup(app, { names, protection: options.protection ?? null }, s.signal);
        return { report, text: async () => (await import('../text/runs.ts')).backupText(report, s.look) };
      }),
    );
