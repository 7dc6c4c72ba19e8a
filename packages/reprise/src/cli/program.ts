import { Command, Option } from 'commander';

import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';
import { version } from '../lib/version.ts';
import { backup } from './commands/backup.ts';
import { bootstrap } from './commands/bootstrap.ts';
import { catalogue } from './commands/catalogue.ts';
import { doctor } from './commands/doctor.ts';
import { due } from './commands/due.ts';
import { init } from './commands/init.ts';
import { journal } from './commands/journal.ts';
import { kit } from './commands/kit.ts';
import { maintain } from './commands/maintain.ts';
import { plan } from './commands/plan.ts';
import { points } from './commands/points.ts';
import { recover } from './commands/recover.ts';
import { report } from './commands/report.ts';
import { restore } from './commands/restore.ts';
import { resume } from './commands/resume.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { type Define, groups } from './define.ts';
import { helpIn } from './help.ts';
import { type Act, type Globals, type Io, isTerminal } from './session.ts';

export interface ProgramOptions {
  readonly language: Language;
  readonly io: Pick<Io, 'stdout' | 'stderr'>;
  readonly run: <A extends readonly unknown[], O>(
    name: string,
    act: Act<A, O>,
    given: { readonly args: A; readonly options: O & Globals },
  ) => Promise<void>;
}
/** Every command of this version, in the order in which one meets them; anything else is absent. */
const commands = [
  init,
  plan,
  backup,
  due,
  maintain,
  points,
  verify,
  restore,
  recover,
  status,
  resume,
  journal,
  report,
  catalogue,
  bootstrap,
  kit,
  doctor,
] as const;

export function buildProgram({ language, io, run }: ProgramOptions): Command {
  const t = words(language);
  const width = isTerminal(io.stdout) ? Math.min(120, Math.max(80, io.stdout.columns ?? 100)) : 100;
  const program = new Command('reprise')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {}, // said by `main`, from the catalogue
    })
    .configureHelp(helpIn(language, width))
    .description(t['help.reprise'])
    .usage(t['help.usage.form'])
    .helpOption('-h, --help', t['help.help'])
    .helpCommand('help [command]', t['help.help-command'])
    .version(version, '--version', t['help.version'])
    .option('--plan <file>', t['help.plan-file'])
    .option('--home <folder>', t['help.home'])
    .option('--json', t['help.json'])
    .option('-v, --verbose', t['help.verbose'])
    .addOption(new Option('--language <language>', t['help.language']).choices(['fr', 'en']))
    .addHelpText('after', () => `\n${t['help.exit-codes']}`);
  const define: Define = {
    parent: program,
    t,
    act:
      (name, work) =>
      async (...given) => {
        const command = given.at(-1) as Command;
        // What the parser found besides the declared arguments it has refused already.
        const args = given.slice(0, -2) as unknown as never;
        await run(name, work, { args, options: command.optsWithGlobals() });
      },
  };
  for (const command of commands) command(define);
  everywhere(program, (c) => c.showSuggestionAfterError(true).allowExcessArguments(groups.has(c)));
  return program;
}

function everywhere(command: Command, act: (c: Command) => void): void {
  act(command);
  for (const sub of command.commands) everywhere(sub, act);
}
