import { groupOf, type Define } from '../define.ts';
import { repeatable, wholeNumber } from '../options.ts';

interface ShowOptions {
  readonly run?: string;
  readonly type: readonly string[];
  readonly after?: number;
}

export function journal({ parent, t, act }: Define): void {
  const group = groupOf(parent, 'journal', t['help.journal']);
  group
    .command('show')
    .description(t['help.journal.show'])
    .option('--run <run>', t['help.journal.run'])
    .addOption(repeatable('--type <name>', t['help.journal.type']))
    .option('--after <number>', t['help.journal.after'], wholeNumber)
    .action(
      act<[], ShowOptions>('journal show', async (s, _, { run, type, after }) => {
        const { openApp, commands } = await import('../../app.ts');
        const { writeLines } = await import('../write.ts');
        await using app = await openApp(s.app, 'read');
        const filter = { run: run ?? null, types: type, after: after ?? null };
        const entries = (await commands.journal()).journalEntries(app, filter);
        const { entryLine } = await import('../text/journal.ts');
        const lines = Iterator.from(entries).map((e) => (s.json ? JSON.stringify(e) : entryLine(e)));
        await writeLines(s, lines);
        return { exit: 0 };
      }),
    );
  group
    .command('verify')
    .description(t['help.journal.verify'])
    .option('--local', t['help.journal.local'])
    .action(
      act<[], { readonly local?: boolean }>('journal verify', async (s, _, { local = false }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'read');
        const report = await (await commands.journal()).verified(app, { local }, s.signal);
        return {
          report,
          text: async () => (await import('../text/journal.ts')).verifiedText(report, s.look),
        };
      }),
    );
}
