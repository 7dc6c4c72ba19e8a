import { Option } from 'commander';

import type { Define } from '../define.ts';
import { openRecovery, wantedOptions, type Wanted } from '../recovering.ts';

interface Options extends Wanted {
  readonly point?: string;
}

export const restore = ({ parent, t, act }: Define): void =>
  void wantedOptions(
    parent
      .command('restore')
      .description(t['help.restore'])
      .argument('<component>', t['help.restore.component'])
      .addOption(new Option('--point <id>', t['help.restore.point']).conflicts('until')),
    t,
  ).action(
    act<[string], Options>('restore', async (s, [component], options) => {
      await using recovery = await openRecovery(s, options);
      const { app, dry, runs, text } = recovery;
      const args = { component, point: options.point ?? null, ...recovery.args };
      if (dry) {
        const report = await runs.previewRestore(app, args, s.signal);
        return { report, text: () => text.previewText(report, s.look) };
      }
      const report = await runs.runRestore(app, args, s.signal);
      return { report, text: () => text.recordedText(report, s.look) };
    }),
  );
