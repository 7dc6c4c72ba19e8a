import { Option } from 'commander';

import type { Define } from '../define.ts';
import { moment, repeatable } from '../options.ts';

interface Options {
  readonly point?: string;
  readonly until?: string;
  readonly to: string;
  readonly replace: readonly string[];
  readonly lostAt?: string;
  readonly dryRun?: boolean;
}

export const restore = ({ parent, t, act }: Define): void =>
  void parent
    .command('restore')
    .description(t['help.restore'])
    .argument('<component>', t['help.restore.component'])
    .addOption(new Option('--point <id>', t['help.restore.point']).conflicts('until'))
    .option('--until <time>', t['help.until'], moment)
    .option('--to <place>', t['help.to'], 'in-situ')
    .addOption(repeatable('--replace <component>', t['help.replace']))
    .option('--lost-at <time>', t['help.lost-at'], moment)
    .option('--dry-run', t['help.dry-run'])
    .action(
      act<[string], Options>('restore', async (s, [component], options) => {
        const { openApp, commands } = await import('../../app.ts');
        const { consents } = await import('../ask.ts');
        const dry = options.dryRun === true;
        await using app = await openApp(s.app, dry ? 'read' : 'write');
        const runs = await commands.recovery();
        const text = await import('../text/recovery.ts');
        const args = {
          component,
          point: options.point ?? null,
          until: options.until ?? null,
          lost_at: options.lostAt ?? null,
          requested_at: app.clock.now().toISOString(),
          place: options.to,
          replace: await consents(s, options.replace, dry),
        };
        if (dry) {
          const report = await runs.previewRestore(app, args, s.signal);
          return { report, text: () => text.previewText(report, s.look) };
        }
        const report = await runs.runRestore(app, args, s.signal);
        return { report, text: () => text.recordedText(report, s.look) };
      }),
    );
