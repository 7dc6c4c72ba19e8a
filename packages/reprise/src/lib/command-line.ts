/**
 * A `restore` or a `recover` as somebody types it, from its arguments as the journal has them; `replace` besides those
 * it was given.
 */
export function recoveryCommand(
  recipe: string,
  args: Readonly<Record<string, unknown>>,
  replace: readonly string[] = [],
): string {
  const given = Object.keys((args['replace'] as object | undefined) ?? {});
  const words = [
    'reprise',
    recipe,
    ...(typeof args['component'] === 'string' ? [args['component']] : []),
    ...option('scenario', args['scenario']),
    ...option('point', args['point']),
    ...option('until', args['until']),
    ...(args['place'] === 'in-situ' ? [] : option('to', args['place'])),
    ...option('lost-at', args['lost_at']),
    ...[...new Set([...given, ...replace])].flatMap((c) => option('replace', c)),
  ];
  return words.map(quoted).join(' ');
}

const option = (name: string, value: unknown): string[] =>
  typeof value === 'string' ? [`--${name}`, value] : [];

/** As a shell reads it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
