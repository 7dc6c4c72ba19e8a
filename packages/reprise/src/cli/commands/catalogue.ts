import { groupOf, type Define } from '../define.ts';

export function catalogue({ parent, t, act }: Define): void {
  groupOf(parent, 'catalogue', t['help.catalogue'])
    .command('rebuild')
    .description(t['help.catalogue.rebuild'])
    .option('--from <repository>', t['help.catalogue.from'])
    .action(
      act<[], { readonly from?: string }>('catalogue rebuild', async (s, _, { from }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'write');
        const report = await (
          await commands.catalogue()
        ).rebuildCatalogue(app, { from: from ?? null }, s.signal);
        return { report, text: async () => (await import('../text/setup.ts')).rebuiltText(report, s.look) };
      }),
    );
}
