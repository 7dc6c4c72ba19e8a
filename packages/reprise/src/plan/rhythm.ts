import { Cron } from 'croner';

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
  const fields = schedule.trim().split(/\s+/).length;
  if (fields !== 5) {
    yield fault('plan.cron', { schedule: raw(where), detail: `${fields} ≠ 5` }, where);
    return;
  }
  try {
    const next = new Cron(schedule, { paused: true, mode: '5-part', timezone: 'UTC' }).nextRun(new Date(0));
    if (next === null || next === undefined) yield fault('plan.never', { schedule: raw(where) }, where);
  } catch (e) {
    // What croner says quotes parts of the schedule: not where that is the value of a variable.
    const detail = raw(where).includes('${')
      ? '…'
      : (e as Error).message.replace(/^CronPattern: /, '').slice(0, 200);
    yield fault('plan.cron', { schedule: raw(where), detail }, where);
  }
}

function validZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
