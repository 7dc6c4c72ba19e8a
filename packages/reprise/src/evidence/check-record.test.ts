import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { exitOf, type Finding, type SignedRecord } from '@reprise/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { localHost } from '../hosts/local.ts';
import { canonical } from '../journal/canonical.ts';
import { Bench, continuing, scribble } from '../journal/fixtures.ts';
import type { Journal } from '../journal/journal.ts';
import { loadSigningKey, makeSigningKey } from '../journal/keys.ts';
import { systemClock } from '../lib/clock.ts';
import { wordsOf } from '../lib/findings/index.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { entriesAsOf } from './as-of.ts';
import { checkRecord } from './check-record.ts';
import { recoveryRecord } from './facts.ts';
import { readRecord } from './read-record.ts';
import { writeRecord } from './write.ts';

let bench: Bench;
let journal: Journal;
beforeEach(async () => {
  bench = new Bench();
  journal = await bench.installation();
});
afterEach(async () => {
  await journal[Symbol.asyncDispose]();
  bench[Symbol.dispose]();
});

const args = { component: 'app', place: 'in-situ', requested_at: '2026-06-15T12:00:00.000Z' };
const damaged = { code: 'kind.damaged', message: 'as it was written then', ms: 5 };
/** A restore that fails; `carryOn` is the same command again. */
function restoreFails(of = journal): string {
  const run = randomUUID();
  const cause = { run, step: null };
  of.append('run.started', { recipe: 'restore', plan: null, args, pid: 1 }, cause);
  of.append('step.failed', damaged, { run, step: 'restore:app' });
  of.append('run.failed', { exit: 1 }, cause);
  return run;
}
function carryOn(run: string, of = journal): void {
  of.append('run.resumed', { pid: 2 }, { run, step: null });
  of.append('step.finished', { output: {}, ms: 5 }, { run, step: 'restore:app' });
  const back = { component: 'app', place: 'in-situ', point: 'app@1', findings: [], bytes: 9, ms: 5 };
  of.append('place.restored', back, { run, step: 'restore:app' });
  of.append('run.finished', { exit: 0 }, { run, step: null });
}

/** The file that a restore leaves. */
async function written(
  run: string,
  of = journal,
  language: 'en' | 'fr' = 'en',
  signs = true,
): Promise<string> {
  const head = of.head();
  const record = recoveryRecord(of.system, entriesAsOf(of, run, head), head, run);
  const host = localHost({ run: null, scratchRoot: bench.folder(), clock: systemClock });
  const to = { host, home: of.home, signal: AbortSignal.timeout(5000) };
  const key = signs ? loadSigningKey(of.home) : undefined;
  return readFileSync((await writeRecord(to, record, language, key)).json, 'utf8');
}
const check = (text: string, by = journal): readonly Finding[] => checkRecord(by, readRecord(text, 'x.json'));
const verdicts = (text: string, by = journal): Record<string, string> =>
  Object.fromEntries(check(text, by).map((f) => [f.code, f.verdict]));
const found = (text: string, code: string, by = journal): string => {
  const finding = check(text, by).find((f) => f.code === code);
  return finding === undefined ? '' : wordsOf(finding, 'en').message;
};

/** Changed in the file, and nothing signed anew. */
function changed(text: string, change: (signed: SignedRecord) => void): string {
  const signed = JSON.parse(text) as SignedRecord;
  change(signed);
  return JSON.stringify(signed);
}
/** Changed, and signed by whoever has this folder's key. */
function forged(text: string, home: string, change: (signed: SignedRecord) => void = () => {}): string {
  const key = loadSigningKey(home);
  return changed(text, (signed) => {
    change(signed);
    signed.key = key.publicKey;
    signed.signature = key.sign(canonical({ v: 1, record: signed.record, key: signed.key }));
  });
}

const proven = {
  'record.signed': 'pass',
  'record.key': 'pass',
  'record.head': 'pass',
  'record.says': 'pass',
};

describe('a record that is what was written', () => {
  test.for(['en', 'fr'] as const)('holds, whatever language its reader had: %s', async (language) => {
    const text = await written(restoreFails(), journal, language);
    expect(verdicts(text)).toEqual(proven);
    expect(exitOf(check(text))).toBe(0);
    // As another program lays the same JSON out.
    expect(verdicts(JSON.stringify(JSON.parse(text)))).toEqual(proven);
  });

  test('holds after more was recorded, of the same run too: it is made anew as of its own head', async () => {
    const run = restoreFails();
    const before = await written(run);
    scribble(journal, 3);
    const later = await written(run);
    carryOn(run);
    const after = await written(run);
    for (const text of [before, later, after]) expect(verdicts(text)).toEqual(proven);
    expect(JSON.parse(before).record.state).toBe('failed');
    expect(JSON.parse(after).record.state).toBe('finished');
  });

  test('holds in an epoch that continues the one that made it, under another recovery key', async () => {
    const text = await written(restoreFails());
    const continues = continuing(bench.read(bench.state(journal)));
    const next = await bench.installation({ continues, root: rootOf(newRecoveryKey()) });
    expect(verdicts(text, next)).toEqual(proven);
    await next[Symbol.asyncDispose]();
  });

  test('of an earlier version: fields that it did not write, and words that were others then', async () => {
    const older = (signed: SignedRecord): void => {
      delete signed.record.left_stopped;
      const error = signed.record.components[0]?.error;
      if (error) error.message = 'in the words of then';
    };
    const run = restoreFails();
    expect(verdicts(forged(await written(run), journal.home, older))['record.says']).toBe('fail');
    const told = { ...damaged, params: { path: 'x' } };
    journal.append('step.failed', told, { run, step: 'restore:app' });
    expect(verdicts(forged(await written(run), journal.home, older))).toEqual(proven);
  });

  test('of a later version: what is not known here is not judged', async () => {
    const key = loadSigningKey(journal.home);
    const { v, record } = JSON.parse(await written(restoreFails())) as SignedRecord;
    const signed = { v, record: { ...record, weather: 'fair' }, key: key.publicKey };
    const text = JSON.stringify({ ...signed, signature: key.sign(canonical(signed)) });
    expect(verdicts(text)).toEqual({ ...proven, 'record.says': 'unable' });
    expect(found(text, 'record.says')).toContain('does not know: weather.');
  });
});

describe('tampered', () => {
  const tamperings: Readonly<Record<string, readonly [(s: SignedRecord) => void, string]>> = {
    'the exit code': [(s) => (s.record.exit = 0), 'differs: exit.'],
    'a component’s state': [
      (s) => s.record.components.forEach((c) => (c.state = 'in-service')),
      'differs: components[0].state.',
    ],
    'an error taken out': [
      (s) => s.record.components.forEach((c) => (c.error = null)),
      'differs: components[0].error.',
    ],
    'a line taken out of the timeline': [(s) => s.record.timeline.splice(1, 1), 'differs: timeline.'],
    'a moment': [(s) => (s.record.requested_at = '2026-06-15T13:00:00.000Z'), 'differs: requested_at.'],
    'another place': [(s) => (s.record.place = 'directory:/secret'), 'differs: place.'],
  };
  test.for(Object.entries(tamperings))('%s', async ([, [change, says]]) => {
    const text = await written(restoreFails());
    const unsigned = changed(text, change);
    expect(verdicts(unsigned)).toMatchObject({ 'record.signed': 'fail', 'record.says': 'fail' });
    expect(exitOf(check(unsigned))).toBe(1);
    // Whoever holds the key signs anything: the journal says otherwise still.
    const signed = forged(text, journal.home, change);
    expect(verdicts(signed)).toEqual({ ...proven, 'record.says': 'fail' });
    expect(found(signed, 'record.says')).toContain(says);
    expect(found(signed, 'record.says')).not.toContain('secret');
  });

  test('the signature', async () => {
    const text = await written(restoreFails());
    const other = loadSigningKey(journal.home).sign('something else');
    for (const signature of [other, 'AAAA', '', null])
      expect(verdicts(changed(text, (s) => (s.signature = signature)))['record.signed']).toBe('fail');
    expect(verdicts(changed(text, (s) => (s.key = null)))['record.signed']).toBe('fail');
  });

  test('signed by another key than the installation’s', async () => {
    const stranger = await bench.installation();
    const text = forged(await written(restoreFails()), stranger.home);
    expect(verdicts(text)).toEqual({ ...proven, 'record.key': 'fail' });
    expect(exitOf(check(text))).toBe(1);
    await stranger[Symbol.asyncDispose]();
  });

  test('a field that is there twice: a person reads the first, JSON.parse takes the last', async () => {
    const text = await written(restoreFails());
    const twice = text.replace('"exit": 1', '"exit": 0, "exit": 1');
    expect(JSON.parse(twice)).toEqual(JSON.parse(text));
    expect(verdicts(twice)).toEqual({ ...proven, 'record.signed': 'fail' });
  });

  test('its head: another entry, or one that this installation no longer has', async () => {
    const text = await written(restoreFails());
    const elsewhere = forged(text, journal.home, (s) => (s.record.head.hash = 'a'.repeat(64)));
    expect(verdicts(elsewhere)).toEqual({ ...proven, 'record.head': 'fail' });
    const cut = forged(text, journal.home, (s) => (s.record.head.seq = 99));
    expect(verdicts(cut)).toEqual({ ...proven, 'record.head': 'fail' });
    expect(found(cut, 'record.head')).toContain('ends at entry 6');
    const earlier = forged(text, journal.home, (s) => (s.record.head.seq = 2));
    expect(verdicts(earlier)).toMatchObject({ 'record.head': 'fail', 'record.says': 'fail' });
  });

  test('a run that was no recovery', async () => {
    const run = randomUUID();
    journal.append('run.started', { recipe: 'backup', plan: null, args: {}, pid: 1 }, { run, step: null });
    const text = forged(await written(restoreFails()), journal.home, (s) => (s.record.run = run));
    expect(found(text, 'record.says')).toContain('differs: run.');
  });

  test('the journal that is asked: it says nothing then', async () => {
    const text = await written(restoreFails());
    const lines = [...journal.lines()].map((l, i) => (i === 4 ? { ...l, hash: 'b'.repeat(64) } : l));
    const rewritten = { ...journal, lines: () => lines.values() } as unknown as Journal;
    expect(verdicts(text, rewritten)).toEqual({ 'record.signed': 'pass', 'journal.rewritten': 'fail' });
  });
});

describe('what this journal does not hold', () => {
  const rebuild = '→ reprise catalogue rebuild';

  test('an unsigned record is not shown to be anybody’s', async () => {
    const text = await written(restoreFails(), journal, 'en', false);
    const { 'record.key': _, ...rest } = proven;
    expect(verdicts(text)).toEqual({ ...rest, 'record.signed': 'unable' });
    expect(exitOf(check(text))).toBe(3);
  });

  test('a key that it does not know: an installation of another recovery key', async () => {
    const other = await bench.installation({ root: rootOf(newRecoveryKey()) });
    const text = await written(restoreFails(other), other);
    expect(verdicts(text)).toEqual({
      'record.signed': 'pass',
      'record.key': 'unable',
      'record.head': 'unable',
      'record.says': 'unable',
    });
    expect(exitOf(check(text))).toBe(3);
    for (const code of ['record.key', 'record.head', 'record.says'])
      expect(found(text, code)).toContain(rebuild);
    // Nor does a certificate make it known that a stranger put among what was read.
    const lines = bench.read(bench.state(other), other.root).lines();
    journal.importState({ repository: 'primary', snapshot: 'x', head: other.head() }, lines);
    expect(verdicts(text)['record.key']).toBe('unable');
    await other[Symbol.asyncDispose]();
  });

  test('a run of another installation, as its states are read', async () => {
    const other = await bench.installation({ role: 'maintainer' });
    const see = (): void => {
      const state = bench.read(bench.state(other));
      const from = { repository: 'primary', snapshot: 'x', head: state.header.head };
      journal.importState(from, state.lines());
    };
    see();
    const run = restoreFails(other);
    const early = await written(run, other);
    expect(verdicts(early)).toEqual({ ...proven, 'record.head': 'unable', 'record.says': 'unable' });
    see();
    expect(verdicts(early)).toEqual(proven);

    carryOn(run, other);
    const late = await written(run, other);
    expect(verdicts(late)).toEqual({ ...proven, 'record.head': 'unable', 'record.says': 'unable' });
    expect(found(late, 'record.says')).toMatch(/what differs so far: .*→ reprise catalogue rebuild$/);
    const lie = changed(early, (s) => (s.record.exit = 0));
    expect(verdicts(lie)).toEqual({ ...proven, 'record.signed': 'fail', 'record.says': 'fail' });

    // Made here of the other's run: its entries are not in this chain, and the record says how far it goes.
    const here = await written(run);
    see();
    for (const text of [early, late, here]) expect(verdicts(text)).toEqual(proven);
    await other[Symbol.asyncDispose]();
  });

  test('another system: its own plan leads to its journal', async () => {
    const text = forged(await written(restoreFails()), journal.home, (s) => (s.record.system = 'bank'));
    expect(verdicts(text)).toEqual({ 'record.signed': 'pass', 'record.system': 'unable' });
    expect(found(text, 'record.system')).toContain('--plan <file>');
    const hostile = changed(text, (s) => (s.record.system = '\u001B[2J'));
    expect(found(hostile, 'record.system')).not.toContain('\u001B');
  });
});

describe('what is no record', () => {
  const codeOf = (text: string): unknown => {
    try {
      return readRecord(text, 'x.json') && 'read';
    } catch (e) {
      return (e as { code?: unknown }).code ?? e;
    }
  };
  test.for([
    ['no JSON', '# Recovery record'],
    ['empty', ''],
    ['other JSON', '{"v":1}'],
    ['null', 'null'],
    ['a number that cannot be signed', '{"v":1.5,"record":{"exit":0.5}}'],
    ['nested a million deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  ] as const)('%s', ([, text]) => {
    expect(codeOf(text)).toBe('report.not-a-record');
  });

  test('a field that cannot be is named; a later format is said', async () => {
    const text = await written(restoreFails());
    const wrong = changed(text, (s) => Object.assign(s.record, { state: 'perfect' }));
    expect(() => readRecord(wrong, 'x.json')).toThrow('(record.state)');
    expect(codeOf(changed(text, (s) => Object.assign(s, { v: 2 })))).toBe('journal.newer');
  });
});

test('a key that was made anew in the same folder is not the certified one', async () => {
  const run = restoreFails();
  makeSigningKey(journal.home);
  expect(verdicts(await written(run))).toEqual({ ...proven, 'record.key': 'fail' });
});
