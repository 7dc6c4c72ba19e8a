import { Option } from 'commander';

import type { Define } from '../define.ts';
import { repeatable, slice } from '../options.ts';

interface Options {
  readonly repository: readonly string[];
  readonly readData?: string;
  readonly prune: boolean;
  readonly join?: string;
  readonly recoveryKeyFile?: string;
  readonly dryRun?: boolean;
}

export const maintain = ({ parent, t, act }: Define): void =>
  void parent
    .command('maintain')
    .description(t['help.maintain'])
    .addOption(repeatable('--repository <name>', t['help.maintain.repository']))
    .option('--read-data <n/t>', t['help.maintain.read-data'], slice)
    .option('--no-prune', t['help.maintain.no-prune'])
    .option('--join <repository>', t['help.maintain.join'])
    .option('--recovery-key-file <file>', t['help.key-file'])
    .addOption(new Option('--dry-run', t['help.dry-run.maintain']).conflicts('join'))
    .action(
      act<[], Options>('maintain', async (s, _, options) => {
        const { openApp, commands, setUp } = await import('../../app.ts');
        if (options.join !== undefined) {
          const { recoveryKey } = await import('../ask.ts');
          const key = await recoveryKey(s, options.recoveryKeyFile);
          await (await commands.join()).joinAsMaintainer(setUp(s.app), { url: options.join, key }, s.signal);
        }
        const dry = options.dryRun === true;
        await using app = await openApp(s.app, dry ? 'read' : 'write');
        const args = {
          repositories: options.repository,
          read: options.readData ?? null,
          prune: options.prune,
        };
        if (dry) {
          const report = await (await commands.preview()).previewMaintain(app, args, s.signal);
          return {
            report,
            text: async () => (await import('../text/preview.ts')).retentionText(report, s.look),
          };
        }
        const report = await (await commands.maintain()).runMaintain(app, args, s.signal);
        return { report, text: async () => (await import('../text/runs.ts')).maintainText(report, s.look) };
      }),
    );
