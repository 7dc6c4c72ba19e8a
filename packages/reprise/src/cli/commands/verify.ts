import { Option } from 'commander';

import type { Define } from '../define.ts';
import { slice } from '../options.ts';

interface Options {
  readonly level: 'stored' | 'read' | 'parsed';
  readonly readData?: string;
}

export const verify = ({ parent, t, act }: Define): void =>
  void parent
    .command('verify')
    .description(t['help.verify'])
    .argument('[components...]', t['help.verify.names'])
    .addOption(
      new Option('--level <level>', t['help.verify.level'])
        .choices(['stored', 'read', 'parsed'])
        .default('parsed'),
    )
    .option('--read-data <n/t>', t['help.verify.read-data'], slice)
    .action(
      act<[string[]], Options>('verify', async (s, [components], { level, readData }) => {
        const { openApp, commands } = await import('../../app.ts');
        await using app = await openApp(s.app, 'write');
        const args = { components, level, read: readData ?? null };
        const report = await (await commands.verify()).runVerify(app, args, s.signal);
        return { report, text: async () => (await import('../text/runs.ts')).verifyText(report, s.look) };
      }),
    );
