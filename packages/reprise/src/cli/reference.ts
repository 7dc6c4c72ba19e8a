import type { Command } from 'commander';

import type { ErrorDefinition } from '../lib/errors/define.ts';
import { errors } from '../lib/errors/index.ts';
import { buildProgram } from './program.ts';

/** docs/reference/commands.md: what `--help` says, in both languages, of every command. */
export function commandsReference(): string {
  const [en, fr] = (['en', 'fr'] as const).map((language) =>
    buildProgram({
      language,
      io: { stdout: process.stdout, stderr: process.stderr },
      run: async () => {},
    }),
  ) as [Command, Command];
  const lines = [
    '# Commands',
    '',
    'Generated from the command line itself (`npm run generate`). Exit codes: [exit-codes.md](exit-codes.md).',
    '',
    ...options(en, fr),
  ];
  const walk = (a: Command, b: Command, path: string): void => {
    for (const [i, command] of a.commands.entries()) {
      const other = b.commands[i] ?? command;
      const name = `${path} ${command.name()}`;
      const args = command.registeredArguments.map((arg) => {
        const text = arg.variadic ? `${arg.name()}…` : arg.name();
        return arg.required ? ` <${text}>` : ` [${text}]`;
      });
      lines.push(
        `## \`${name}${args.join('')}\``,
        '',
        command.description(),
        '',
        `*${other.description()}*`,
        '',
      );
      lines.push(...options(command, other));
      walk(command, other, name);
    }
  };
  walk(en, fr, 'reprise');
  return `${lines.join('\n').trimEnd()}\n`;
}

function options(en: Command, fr: Command): readonly string[] {
  const rows = [
    ...en.registeredArguments.map((a, i) => [
      `<${a.name()}>`,
      a.description,
      fr.registeredArguments[i]?.description ?? '',
    ]),
    ...en.options.map((o, i) => [o.flags, described(o), fr.options[i]?.description ?? '']),
  ];
  if (rows.length === 0) return [];
  return [
    '| | | en français |',
    '| --- | --- | --- |',
    ...rows.map(([flag = '', a = '', b = '']) => `| \`${flag}\` | ${cell(a)} | ${cell(b)} |`),
    '',
  ];
}

const described = ({ description, argChoices, defaultValue }: Command['options'][number]): string =>
  [
    description,
    argChoices === undefined ? '' : `(${argChoices.join(', ')})`,
    typeof defaultValue === 'string' ? `(default: ${defaultValue})` : '',
  ]
    .filter((x) => x !== '')
    .join(' ');

const cell = (text: string): string =>
  text.replaceAll('{why} {}', '{why}').replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');

/** docs/reference/errors.md: every code, its exit code, what is said, what to type. */
export function errorsReference(): string {
  const rows = Object.entries(errors as Readonly<Record<string, ErrorDefinition>>).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `${[
    '# Errors',
    '',
    'Generated from the catalogue (`npm run generate`). Words in braces stand for values. Exit codes: [exit-codes.md](exit-codes.md).',
    '',
    ...rows.flatMap(([code, definition]) => {
      const [en, fr] = (['en', 'fr'] as const).map((language) => definition[language](names as never));
      return [
        `## \`${code}\` (exit ${definition.exit})`,
        '',
        cell(en?.message ?? ''),
        '',
        `→ ${cell(en?.hint ?? '')}`,
        '',
        `*${cell(fr?.message ?? '')}*`,
        '',
        `*→ ${cell(fr?.hint ?? '')}*`,
        '',
      ];
    }),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** Stands for any parameters: each value prints as its name in braces, and serves as number, key and list too. */
const names: object = new Proxy(
  {},
  {
    get: (_, key) => placeholder(String(key)),
  },
);
function placeholder(name: string): unknown {
  const text = `{${name}}`;
  // Some errors quote a finding: its words are those of its code.
  if (name === 'why') return Object.assign(Object(text) as object, { code: text, params: {} });
  if (name === 'problem') return 'invalid';
  if (name === 'bound') return 'min';
  if (name === 'verdict') return 'fail';
  if (name === 'near') return null;
  return text;
}

export const exitCodesReference = (): string =>
  [
    '# Exit codes',
    '',
    'Part of the contract: they do not change. When several apply: 130, 2, 4, 1, 3, 0.',
    '',
    '| Code | Meaning | Sens |',
    '| --- | --- | --- |',
    '| 0 | done, and every finding passes | fait, et tout ce qui a été jugé est bon |',
    '| 1 | something failed; `status`: red; `due`: overdue; `plan check`: a promise cannot be kept | un échec ; `status` : rouge ; `due` : RPO dépassé ; `plan check` : une promesse intenable |',
    '| 2 | the command or the plan is wrong | la commande ou le plan est erroné |',
    '| 3 | something could not be judged | quelque chose n’a pas pu être jugé |',
    '| 4 | refused: not vacant, consent or approval missing, locked, superseded | refusé : place occupée, accord manquant, verrou, installation dépassée |',
    '| 130 | interrupted; `reprise resume` | interrompu ; `reprise resume` |',
    '',
  ].join('\n');
