import { expect, test } from 'vitest';

import type { Vacancy } from '../kinds/kind.ts';
import type { RunLog } from './deps.ts';
import type { Target } from './target.ts';
import { look, vacate } from './vacate.ts';

const empty: Vacancy = { vacant: true, found: null, identity: '8:1' };
const full: Vacancy = { vacant: false, found: '3 tables', identity: '8:1' };

/** A place that is found as listed, one look after the other, and what is done to it. */
function scene(looks: readonly Vacancy[], claimed: readonly string[] = [], place = 'in-situ') {
  const seen = [...looks];
  const events: string[] = [];
  let seq = 0;
  const others: object[] = [];
  const entries = claimed.map((identity) => ({
    seq: (seq += 1),
    type: 'place.claimed',
    body: { component: 'db', place, identity },
  }));
  const record = {
    run: '00000000-0000-4000-8000-00000000000a',
    entries: () => entries,
    others: () => others,
    append: (type: string, body: Record<string, unknown>) => {
      events.push([type, body['identity'] ?? body['renamed'] ?? body['how']].join(' '));
      entries.push({ seq: (seq += 1), type, body } as never);
    },
  } as unknown as RunLog;
  const kind = {
    isVacant: () => Promise.resolve(seen.length > 1 ? seen.shift() : seen[0]),
    clear: (_spec: unknown, _at: unknown, how: string) => {
      events.push(`clear ${how}`);
      return Promise.resolve(how === 'aside' ? 'db.aside' : null);
    },
  };
  const target = {
    component: { name: 'db' },
    kind,
    spec: { path: '/srv/db' },
    context: { clock: { now: () => new Date('2026-01-01T00:00:00Z') } },
    place: { label: 'in-situ' },
  } as unknown as Target;
  /** Another run's entry, after those that there are. */
  const other = (component: string, at = place): void =>
    void others.push({ seq: (seq += 1), type: 'place.claimed', body: { component, place: at } });
  return { target, record, events, other };
}
const none = new Map<string, 'flag'>();
const consent = new Map([['db', 'flag' as const]]);

test('what is empty is claimed, once', async () => {
  const { target, record, events } = scene([empty]);
  expect(await vacate(target, record, none)).toMatchObject({ because: 'empty' });
  await vacate(target, record, none);
  expect(events).toEqual(['place.claimed 8:1']);
});

test('live data: refused, nothing is touched, nothing is written', async () => {
  const { target, record, events } = scene([full]);
  const occupied = { code: 'place.occupied', params: { component: 'db', found: '3 tables' } };
  await expect(vacate(target, record, none)).rejects.toMatchObject(occupied);
  await expect(look(target, record, none)).rejects.toMatchObject(occupied);
  expect(events).toEqual([]);
});

test('what this run claimed at another place is not its own here', async () => {
  const { target, record } = scene([full], ['8:1'], 'directory:/elsewhere');
  await expect(vacate(target, record, none)).rejects.toMatchObject({ code: 'place.occupied' });
});

test('what another run claimed or restored there since is not its own, whatever it had claimed before', async () => {
  const { target, record, events, other } = scene([full], ['8:1', 'absent']);
  other('web');
  other('db', 'directory:/elsewhere');
  await expect(look(target, record, none)).resolves.toMatchObject({ is: 'owned' });
  other('db');
  await expect(vacate(target, record, none)).rejects.toMatchObject({ code: 'place.occupied' });
  record.append('place.claimed', { component: 'db', place: 'in-situ', identity: '8:1' });
  await expect(look(target, record, none)).resolves.toMatchObject({ is: 'owned' });
  expect(events).toEqual(['place.claimed 8:1']);
});

test('its own half-restored work is wiped', async () => {
  const { target, record, events } = scene([full, empty], ['8:1']);
  expect(await vacate(target, record, none)).toMatchObject({ because: 'owned' });
  expect(events).toEqual(['clear wipe']);
});

test('after a failure that was told a person may have mended it by hand: its own work is put aside, not wiped', async () => {
  const { target, record, events } = scene([full, empty], ['8:1']);
  record.append('run.failed', { exit: 1, findings: [], error: 'kind.failed' });
  events.length = 0;
  expect(await vacate(target, record, none)).toMatchObject({ because: 'owned' });
  expect(events).toEqual(['clear aside', 'place.put_aside db.aside']);
});

test('what this run restored whole is in use: no longer its own to wipe; half-restored after that, it is again', async () => {
  const { target, record, events } = scene([full], ['8:1']);
  const restored = (verdict: string) =>
    record.append('place.restored', { component: 'db', place: 'in-situ', findings: [{ verdict }] } as never);
  restored('fail');
  await expect(look(target, record, none)).resolves.toMatchObject({ is: 'owned' });
  restored('pass');
  await expect(look(target, record, none)).rejects.toMatchObject({ code: 'place.occupied' });
  record.append('place.claimed', { component: 'db', place: 'in-situ', identity: '8:1' });
  await expect(look(target, record, none)).resolves.toMatchObject({ is: 'owned' });
  expect(events.filter((e) => e.startsWith('clear'))).toEqual([]);
});

test('consent is journaled once, before anything moves, and where that went after it', async () => {
  const { target, record, events } = scene([full, { ...empty, identity: null }]);
  expect(await vacate(target, record, consent)).toMatchObject({ because: 'consent' });
  expect(events).toEqual([
    'consent.given flag',
    'clear aside',
    'place.put_aside db.aside',
    'place.claimed absent',
  ]);
});

test('killed between the consent and the move: it is not given twice', async () => {
  const { target, record, events } = scene([full, { ...empty, identity: null }]);
  record.append('consent.given', { component: 'db', place: 'in-situ', how: 'flag', renamed: null });
  await vacate(target, record, consent);
  expect(events.filter((e) => e.startsWith('consent.given'))).toHaveLength(1);
});

test.for([full, { ...full, found: null }])(
  'a place that is still full after it was cleared is not claimed',
  async (still) => {
    const { target, record, events } = scene([full, still]);
    await expect(vacate(target, record, consent)).rejects.toMatchObject({ code: 'place.not-cleared' });
    expect(events).not.toContain('place.claimed 8:1');
  },
);
