import type { Body, EntryV1, Finding, Point } from '@reprise/contracts';

import { verdictOf } from './judged.ts';

/** What checks of a repository as a whole found in it and none took back. */
export interface Damage {
  /** When it was found first; RFC 3339. */
  readonly since: string;
  readonly findings: readonly Finding[];
}
/** What `damageIn` reads. */
export const damageTypes = ['repository.maintained', 'repository.checked'] as const;

/**
 * By repository. What was found in data that was read back stays until the same slice, or all of it, is read without an
 * error: another slice says nothing of it. What was found in the structure stays until any check passes.
 */
export function damageIn(entries: Iterable<EntryV1>): ReadonlyMap<string, Damage> {
  const open = new Map<string, (Damage & { readonly read: string | null })[]>();
  for (const { at, body } of [...entries].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    const { repository, read, findings } = body as Body<'repository.checked'>;
    const before = open.get(repository) ?? [];
    const failed = findings.filter((f) => f.verdict === 'fail');
    if (failed.length > 0) open.set(repository, [...before, { since: at, findings: failed, read }]);
    else if (verdictOf(findings) === 'pass')
      open.set(
        repository,
        before.filter((d) => !isMended(d, read)),
      );
  }
  return new Map(
    [...open]
      .filter(([, found]) => found.length > 0)
      .map(([repository, found]) => [
        repository,
        { since: (found[0] as Damage).since, findings: distinct(found.flatMap((d) => d.findings)) },
      ]),
  );
}

const isMended = (
  { findings, read }: { readonly findings: readonly Finding[]; readonly read: string | null },
  passed: string | null,
): boolean =>
  findings.every((f) => f.code !== 'repository.pack-damaged') ||
  (passed !== null && (passed === read || isWhole(passed)));

const isWhole = (slice: string): boolean => slice === '1/1';

const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((f) => [JSON.stringify([f.code, f.params]), f])).values(),
];

/** Of a repository in which damage was found: copies that were not read back since are not known to be good. */
export const inDoubt = (points: readonly Point[], repository: string, damage: Damage | undefined): Point[] =>
  points.map((point) =>
    damage === undefined
      ? point
      : {
          ...point,
          copies: point.copies.map((c) =>
            c.repository === repository && c.verdict === 'pass' && (c.read_at ?? '') <= damage.since
              ? { ...c, verdict: 'unable' as const }
              : c,
          ),
        },
  );
