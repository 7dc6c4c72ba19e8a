import type { Outcome } from './run.ts';

const columns = ['suite', 'seconds', 'passed', 'failed', 'skipped'] as const;

/** The closing text: one line per suite, what failed, what was skipped; its last line is the sum. */
export function report(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((o) => [
    o.name,
    o.seconds.toFixed(1),
    String(o.passed),
    String(o.failed.length),
    String(o.skipped.length),
    o.note ?? '',
  ]);
  const total = (of: (o: Outcome) => number): number => outcomes.reduce((sum, o) => sum + of(o), 0);
  const seconds = total((o) => o.seconds).toFixed(1);
  const passed = total((o) => o.passed);
  const failed = total((o) => o.failed.length);
  const skipped = total((o) => o.skipped.length);
  const table = [[...columns, ''], ...rows, ['total', seconds, `${passed}`, `${failed}`, `${skipped}`, '']];
  return [
    '',
    ...table.map(line),
    ...listed(
      'Failed:',
      outcomes.flatMap((o) => o.failed.map((f) => `${o.name}: ${f}`)),
    ),
    ...listed(
      'Skipped:',
      outcomes.flatMap((o) => o.skipped.map((s) => `${s.test}: ${s.reason ?? ''}`)),
    ),
    '',
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

const line = ([name = '', ...rest]: readonly string[]): string =>
  `${name.padEnd(13)}${rest
    .slice(0, 4)
    .map((c) => c.padStart(9))
    .join('')}   ${rest[4] ?? ''}`.trimEnd();

const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((l) => `  ${l}`)];
