import { Cron } from 'croner';

import { cronFields } from '../lib/errors/plan-names.ts';
import type { Suggest } from './nearest.ts';
import { type Fault, fault } from './problem.ts';
import { get, type Path, text } from './tolerant.ts';

/** A protection's schedule and time zone: understood, and does it ever come? Asked from a fixed moment: pure. */
export function* rhythm(
  protection: unknown,
  path: Path,
  suggest: Suggest,
  raw: (path: Path) => string,
): Generator<Fault> {
  const schedule = text(get(protection, 'schedule'));
  const timezone = text(get(protection, 'timezone')) ?? 'UTC';
  if (!validZone(timezone))
    yield fault(
      'plan.timezone',
      { timezone: raw([...path, 'timezone']), ...suggest(timezone, Intl.supportedValuesOf('timeZone')) },
      [...path, 'timezone'],
    );
  if (schedule === undefined) return;
  const where = [...path, 'schedule'];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) {
    yield fault('plan.cron', { schedule: raw(where), detail: `${fields.length} ≠ 5` }, where);
    return;
  }
  const read = readSchedule(schedule);
  if (read === undefined)
    yield fault('plan.cron', { schedule: raw(where), detail: wrongFields(fields) }, where);
  else if (read.next === null) yield fault('plan.never', { schedule: raw(where) }, where);
}

/**
 * Its first run since 1970, null: it never comes; undefined: no schedule. Croner's own words are in one language only.
 */
function readSchedule(schedule: string): { readonly next: Date | null } | undefined {
  try {
    const cron = new Cron(schedule, { paused: true, mode: '5-part', timezone: 'UTC' });
    return { next: cron.nextRun(new Date(0)) ?? null };
  } catch {
    return undefined;
  }
}

/**
 * The fields that cannot be read on their own, by name; their text may be the value of a variable, and is not quoted.
 */
const wrongFields = (fields: readonly string[]): string =>
  cronFields
    .filter((_, i) => {
      const alone = cronFields.map((__, j) => (i === j ? fields[i] : '*')).join(' ');
      return readSchedule(alone) === undefined;
    })
    .join(', ');

function validZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
