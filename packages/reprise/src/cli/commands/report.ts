import { groupOf, type Define } from '../define.ts';

export function report({ parent, t, act }: Define): void {
  groupOf(parent, 'report', t['help.report'])
    .command('recovery')
    .description(t['help.report.recovery'])
    .argument('[run]', t['help.report.run'])
    .option('--write', t['help.report.write'])
    .action(
      act<[string?], { readonly write?: boolean }>('report', async (s, [run], { write = false }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'read');
        const args = { run: run ?? null, write };
        const made = await (await commands.report()).reportRecovery(app, args, s.signal);
        return { report: made, text: () => made.text };
      }),
    );
}
