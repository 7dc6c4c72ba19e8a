import type { Define } from '../define.ts';
import { repeatable } from '../options.ts';

interface Options {
  readonly yes?: boolean;
  readonly root: readonly string[];
  readonly repository: readonly string[];
  readonly newRecoveryKey?: boolean;
  readonly recoveryKeyFile?: string;
}

export const init = ({ parent, t, act }: Define): void =>
  void parent
    .command('init')
    .description(t['help.init'])
    .option('--yes', t['help.init.yes'])
    .addOption(repeatable('--root <folder>', t['help.init.root']))
    .addOption(repeatable('--repository <url>', t['help.init.repository']))
    .option('--new-recovery-key', t['help.init.new-key'])
    .option('--recovery-key-file <file>', t['help.key-file'])
    .action(
      act<[], Options>('init', async (s, _, options) => {
        const { commands, setUp } = await import('../../app.ts');
        const { recoveryKey } = await import('../ask.ts');
        const args = {
          yes: options.yes ?? false,
          roots: options.root,
          repositories: options.repository,
          newRecoveryKey: options.newRecoveryKey ?? false,
          recoveryKey: async () => await recoveryKey(s, options.recoveryKeyFile),
        };
        const report = await (await commands.init()).initialise(setUp(s.app), args, s.signal);
        return { report, text: async () => (await import('../text/setup.ts')).initText(report, s.look) };
      }),
    );
