import { Option } from 'commander';

import type { Define } from '../define.ts';

interface Options {
  readonly protection?: string;
  readonly fork?: boolean;
  readonly dryRun?: boolean;
}

export const backup = ({ parent, t, act }: Define): void =>
  void parent
    .command('backup')
    .description(t['help.backup'])
    .argument('[names...]', t['help.backup.names'])
    .option('--protection <protection>', t['help.backup.protection'])
    .option('--fork', t['help.backup.fork'])
    .addOption(new Option('--dry-run', t['help.dry-run.capture']).conflicts('fork'))
    .action(
      act<[string[]], Options>('backup', async (s, [names], options) => {
        const { openApp, commands } = await import('../../app.ts');
        const dry = options.dryRun === true;
        await using app = await openApp(s.app, dry ? 'read' : 'write');
        const args = { names, protection: options.protection ?? null };
        if (dry) {
          const report = await (await commands.preview()).previewBackup(app, args, s.signal);
          return {
            report,
            text: async () => (await import('../text/preview.ts')).captureText(report, s.look),
          };
        }
        const { runBackup, acceptFork } = await commands.backup();
        if (options.fork === true) acceptFork(app);
        const report = await runBackup(app, args, s.signal);
        return { report, text: async () => (await import('../text/runs.ts')).backupText(report, s.look) };
      }),
    );
