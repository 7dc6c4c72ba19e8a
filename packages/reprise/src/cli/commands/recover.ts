import type { Define } from '../define.ts';
import { moment, repeatable } from '../options.ts';

interface Options {
  readonly scenario?: string;
  readonly until?: string;
  readonly to: string;
  readonly replace: readonly string[];
  readonly lostAt?: string;
  readonly done: readonly string[];
  readonly dryRun?: boolean;
}

export const recover = ({ parent, t, act }: Define): void =>
  void parent
    .command('recover')
    .description(t['help.recover'])
    .option('--scenario <name>', t['help.recover.scenario'])
    .option('--until <time>', t['help.until'], moment)
    .option('--to <place>', t['help.to'], 'in-situ')
    .addOption(repeatable('--replace <component>', t['help.replace']))
    .option('--lost-at <time>', t['help.lost-at'], moment)
    .addOption(repeatable('--done <step>', t['help.recover.done']))
    .option('--dry-run', t['help.dry-run'])
    .action(
      act<[], Options>('recover', async (s, _, options) => {
        const { openApp, commands } = await import('../../app.ts');
        const { consents, peopleOf } = await import('../ask.ts');
        const dry = options.dryRun === true;
        await using app = await openApp(s.app, dry ? 'read' : 'write');
        const runs = await commands.recovery();
        const text = await import('../text/recovery.ts');
        const args = {
          scenario: options.scenario ?? null,
          until: options.until ?? null,
          lost_at: options.lostAt ?? null,
          requested_at: app.clock.now().toISOString(),
          place: options.to,
          replace: await consents(s, options.replace, dry),
        };
        if (dry) {
          const report = await runs.previewRecover(app, args, s.signal);
          return { report, text: () => text.previewText(report, s.look) };
        }
        const report = await runs.runRecover(app, args, peopleOf(s, options.done), s.signal);
        return { report, text: () => text.recordedText(report, s.look) };
      }),
    );
