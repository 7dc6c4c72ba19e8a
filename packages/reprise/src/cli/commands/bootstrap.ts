import { Option } from 'commander';

import type { Define } from '../define.ts';
import { moment } from '../options.ts';

interface Options {
  readonly before?: string;
  readonly state?: string;
  readonly lostAt?: string;
  readonly list?: boolean;
  readonly recoveryKeyFile?: string;
}

export const bootstrap = ({ parent, t, act }: Define): void =>
  void parent
    .command('bootstrap')
    .description(t['help.bootstrap'])
    .argument('<repository>', t['help.bootstrap.url'])
    .option('--before <time>', t['help.bootstrap.before'], moment)
    .addOption(new Option('--state <snapshot>', t['help.bootstrap.state']).conflicts('before'))
    .option('--lost-at <time>', t['help.lost-at'], moment)
    .option('--list', t['help.bootstrap.list'])
    .option('--recovery-key-file <file>', t['help.key-file'])
    .action(
      act<[string], Options>('bootstrap', async (s, [url], options) => {
        const { commands, setUp } = await import('../../app.ts');
        const { recoveryKey } = await import('../ask.ts');
        const setup = setUp(s.app);
        const requestedAt = setup.clock.now(); // the incident's clock runs while the key is typed
        const args = {
          url,
          requestedAt,
          key: await recoveryKey(s, options.recoveryKeyFile),
          before: options.before ?? null,
          state: options.state ?? null,
          lostAt: options.lostAt ?? null,
          list: options.list ?? false,
        };
        const report = await (await commands.bootstrap()).bootstrap(setup, args, s.signal);
        return { report, text: async () => (await import('../text/setup.ts')).bootstrapText(report, s.look) };
      }),
    );
