import type { Define } from '../define.ts';
import { moment } from '../options.ts';

export const points = ({ parent, t, act }: Define): void =>
  void parent
    .command('points')
    .description(t['help.points'])
    .argument('[component]', t['help.points.component'])
    .option('--since <time>', t['help.points.since'], moment)
    .action(
      act<[string?], { readonly since?: string }>('points', async (s, [component], { since }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'glance');
        const args = { component: component ?? null, since: since ?? null };
        const now = app.clock.now();
        const report = (await commands.points()).listPoints(app, args);
        return {
          report,
          text: async () => (await import('../text/points.ts')).pointsText(report, s.look, now),
        };
      }),
    );
