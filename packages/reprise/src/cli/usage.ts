import type { CommanderError } from 'commander';

import type { UsageProblem } from '../lib/errors/cli.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { placed } from './help.ts';

const problems: Readonly<Record<string, UsageProblem>> = {
  'commander.unknownCommand': 'unknown-command',
  'commander.unknownOption': 'unknown-option',
  'commander.missingArgument': 'missing-argument',
  'commander.optionMissingArgument': 'missing-value',
  'commander.missingMandatoryOptionValue': 'missing-option',
  'commander.excessArguments': 'too-many',
  'commander.invalidArgument': 'invalid',
  'commander.conflictingOption': 'conflict',
};

/** The parser's error in our words. Its message is English and quotes what was typed; the names are taken from it. */
export function usageError(e: CommanderError, command: string): RepriseError {
  const problem = problems[e.code] ?? 'invalid';
  const quoted = [...e.message.matchAll(/'([^']*)'/g)].map((m) => m[1] ?? '');
  const near = /\(Did you mean (?:one of )?([^,?)]+)/.exec(e.message)?.[1] ?? null;
  const what = whatOf(problem, e.message, quoted);
  const named = problem === 'missing-argument' ? inFrench(what) : placed(what, 'fr');
  return new RepriseError('cli.usage', { problem, what: { en: what, fr: named }, near, command });
}

const inFrench = (name: string): string => placed(`<${name}>`, 'fr').slice(1, -1);

function whatOf(problem: UsageProblem, message: string, quoted: readonly string[]): string {
  const [first = '', second] = quoted;
  switch (problem) {
    case 'invalid':
      return second === undefined ? first : `${first}: "${second}"`;
    case 'conflict':
      return quoted.join(', ');
    case 'too-many':
      return /but got \d+: (.*)\.$/s.exec(message)?.[1] ?? first;
    default:
      return first;
  }
}
