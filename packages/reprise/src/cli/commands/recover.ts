import type { Define } from '../define.ts';
import { repeatable } from '../options.ts';
import { openRecovery, wantedOptions, type Wanted } from '../recovering.ts';

interface Options extends Wanted {
  readonly scenario?: string;
  readonly done: readonly string[];
}

export const recover = ({ parent, t, act }: Define): void =>
  void wantedOptions(
    parent
      .command('recover')
      .description(t['help.recover'])
      .option('--scenario <name>', t['help.recover.scenario'])
      .addOption(repeatable('--done <step>', t['help.recover.done'])),
    t,
  ).action(
    act<[], Options>('recover', async (s, _, options) => {
      await using recovery = await openRecovery(s, options);
      const { app, dry, runs, text } = recovery;
      const args = { scenario: options.scenario ?? null, ...recovery.args };
      if (dry) {
        const report = await runs.previewRecover(app, args, s.signal);
        return { report, text: () => text.previewText(report, s.look) };
      }
      const { peopleOf } = await import('../ask.ts');
      const report = await runs.runRecover(app, args, peopleOf(s, options.done), s.signal);
      return { report, text: () => text.recordedText(report, s.look) };
    }),
  );
