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

/**
 * Puts what was renamed to `<path>.before-<when>-<run>` back, with the logs beside it; never over anything. null: it is
 * no path (a database, several things), and whoever knows it puts it back.
 */
export function putBackCommand(aside: string): string | null {
  const [, path] = /^(\/.*)\.before-\d{8}T\d{6}Z-[0-9a-f]{8}$/s.exec(aside) ?? [];
  if (path === undefined || path.includes('.before-')) return null;
  const moves = ['', '-wal', '-shm', '-journal'].map((end) => quoted(aside + end)).join(' ');
  return `for f in ${moves}; do if [ -e "$f" ]; then mv -nT "$f" ${quoted(path)}"\${f#${quoted(aside)}}"; fi; done`;
}

const option = (name: string, value: unknown): string[] =>
  typeof value === 'string' ? [`--${name}`, value] : [];

/** As a shell reads it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
