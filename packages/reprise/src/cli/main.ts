import { CommanderError, type Command } from 'commander';

import { RepriseError } from '../lib/errors/index.ts';
import { languageOf, said, type Language, type Said } from '../lib/language.ts';
import { asRepriseError, errorReport, errorText, traceText } from './failure.ts';
import { buildProgram } from './program.ts';
import type { Act, Globals, Io, Outcome, Session, Streamed } from './session.ts';
import { isTerminal, lookOf } from './session.ts';
import { interruptible } from './signals.ts';
import { fitted } from './text/fitted.ts';
import { usageError } from './usage.ts';
import { drained, watched } from './write.ts';

/** Reads the command line, does what it says, prints, and gives the exit code of the contract. */
export async function main(io: Io): Promise<number> {
  io.stderr.on('error', () => {}); // nobody is left to be told
  const written = watched(io.stdout);
  const language = languageIn(io);
  const exit = await carriedOut(io, language);
  const lost = await written();
  if (lost !== undefined) io.stderr.write(errorText(lost, language));
  await drained(io.stderr);
  // What failed by itself says more; "done" and "could not judge" were not told to anybody.
  return lost !== undefined && (exit === 0 || exit === 3) ? lost.exit : exit;
}

async function carriedOut(io: Io, language: Language): Promise<number> {
  const json = beforeDashes(io.argv).includes('--json');
  const verbose = beforeDashes(io.argv).some((a) => a === '-v' || a === '--verbose');
  using stop = interruptible(io, language);
  let exit = 0;
  const named = { command: 'reprise' };

  const run = async <A extends readonly unknown[], O>(
    name: string,
    act: Act<A, O>,
    given: { readonly args: A; readonly options: O & Globals },
  ): Promise<void> => {
    named.command = name;
    const outcome = await act(sessionOf(io, given.options, language, stop.signal), given.args, given.options);
    exit = await print(io, outcome, json);
  };

  const program = buildProgram({ language, io, run });
  try {
    await program.parseAsync([...io.argv], { from: 'user' });
    return exit;
  } catch (e) {
    if (e instanceof CommanderError && e.exitCode === 0) return 0;
    const error =
      e instanceof CommanderError ? wrongUsage(e, io.argv, program) : asRepriseError(e, stop.signal.aborted);
    if (json) io.stdout.write(`${JSON.stringify(errorReport(error, named.command, language))}\n`);
    else if (!isHelp(e)) io.stderr.write(errorText(error, language));
    if (verbose) io.stderr.write(traceText(error, io.env));
    return error.exit;
  }
}

function sessionOf(io: Io, options: Globals, language: Language, signal: AbortSignal): Session {
  const home = options.home ?? io.env['REPRISE_HOME'];
  const progress = progressOf(io, language);
  return {
    io,
    look: lookOf(io, language),
    json: options.json === true,
    verbose: options.verbose === true,
    signal,
    app: {
      planFile: options.plan ?? (io.env['REPRISE_PLAN'] || 'reprise.yaml'),
      ...(home === undefined || home === '' ? {} : { home }),
      env: io.env,
      language,
      log: progress,
    },
  };
}

/** Progress goes to stderr, one line each: it can be read live and kept in a file. */
const progressOf =
  (io: Io, language: Language) =>
  (line: Said): void => {
    const text = said(line, language);
    io.stderr.write(isTerminal(io.stderr) ? `${fitted(`· ${text}`, io.stderr.columns)}\n` : `${text}\n`);
  };

async function print(io: Io, outcome: Outcome | Streamed, json: boolean): Promise<number> {
  if ('exit' in outcome) return outcome.exit;
  const text = json ? JSON.stringify(outcome.report) : (await outcome.text()).trimEnd();
  if (text !== '') io.stdout.write(`${text}\n`);
  return outcome.report.exit;
}

const isHelp = (e: unknown): boolean => e instanceof CommanderError && e.code === 'commander.help';

function wrongUsage(e: CommanderError, argv: readonly string[], program: Command): RepriseError {
  const command = typedCommand(argv, program);
  if (isHelp(e))
    return new RepriseError('cli.usage', { problem: 'no-command', what: '', near: null, command });
  return usageError(e, command);
}

/** `reprise journal show` out of whatever else was typed. */
function typedCommand(argv: readonly string[], program: Command): string {
  let command = program;
  const names = ['reprise'];
  for (const word of beforeDashes(argv)) {
    const below = command.commands.find((c) => c.name() === word);
    if (below === undefined) continue;
    command = below;
    names.push(word);
  }
  return names.join(' ');
}

const beforeDashes = (argv: readonly string[]): readonly string[] => {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
};

/** Needed before the line is parsed: help and errors are in it too. */
function languageIn({ argv, env }: Pick<Io, 'argv' | 'env'>): Language {
  const given = beforeDashes(argv).flatMap((a, i, all) =>
    a === '--language' ? [all[i + 1]] : a.startsWith('--language=') ? [a.slice('--language='.length)] : [],
  );
  const last = given.at(-1);
  return last === 'fr' || last === 'en' ? last : languageOf(env);
}
