import { groupOf, type Define } from '../define.ts';

export function plan({ parent, t, act }: Define): void {
  const group = groupOf(parent, 'plan', t['help.plan']);
  group
    .command('check')
    .description(t['help.plan.check'])
    .action(
      act('plan check', async (s) => {
        const { commands, setUp } = await import('../../app.ts');
        const report = await (await commands.plan()).checkPlan(setUp(s.app));
        return { report, text: async () => (await import('../text/plan.ts')).planCheckText(report, s.look) };
      }),
    );
  group
    .command('explain')
    .description(t['help.plan.explain'])
    .action(
      act('plan explain', async (s) => {
        const { commands, setUp } = await import('../../app.ts');
        const report = await (await commands.plan()).explainPlan(setUp(s.app));
        return { report, text: async () => (await import('../text/plan.ts')).planText(report, s.look) };
      }),
    );
  group
    .command('schema')
    .description(t['help.plan.schema'])
    .action(
      act('plan schema', async (s) => {
        const { commands, setUp } = await import('../../app.ts');
        const schema = (await commands.plan()).planSchemaText(setUp(s.app));
        s.io.stdout.write(s.json ? `${JSON.stringify(JSON.parse(schema))}\n` : schema);
        return { exit: 0 };
      }),
    );
}
