import type { Finding } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { capturing } from '../kinds/capturing.ts';
import type { Context, Part } from '../kinds/kind.ts';
import { systemClock } from '../lib/clock.ts';
import { capture, type Sink } from './capture.ts';
import { sinkInto } from './sink.ts';

const stop = new AbortController();
const at = { component: 'db', clock: systemClock, signal: stop.signal } as unknown as Context;
const aborted = { ...at, signal: AbortSignal.abort(new Error('stopped')) };
const asOf = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z', clock: 'server' };
const stream = (name: string): Part => ({ form: 'stream', name }) as never;
const tree = (name: string): Part => ({ form: 'tree', name, root: '/srv' }) as never;

interface Takes {
  readonly parts: readonly Part[];
  readonly preflight?: readonly Pick<Finding, 'verdict'>[];
  readonly findings?: readonly Pick<Finding, 'verdict'>[];
  readonly done?: Error;
}
const events: string[] = [];
/** A kind that gives these parts and then says how the whole went. */
const subject = ({ parts, preflight = [], findings = [], done }: Takes) => {
  events.length = 0;
  const method = {
    name: 'm',
    preflight: () => Promise.resolve(preflight),
    capture: () =>
      Promise.resolve({
        parts: (async function* give() {
          for (const part of parts) yield await Promise.resolve(part);
        })(),
        done: done
          ? Promise.reject(done)
          : Promise.resolve({ asOf, inventory: { v: 1, items: [] }, tools: {}, server: null, findings }),
        [Symbol.asyncDispose]: () => Promise.resolve(void events.push('released')),
      }),
  };
  return { kind: { name: 'k' }, method, spec: {} } as never;
};
const sink = (bytes = 10): Sink => ({
  name: 'near',
  store: (part) => {
    events.push(`store ${part.name}`);
    return Promise.resolve({ snapshot: part.name.padEnd(64, '0'), bytes, files: 2 });
  },
});
const of = async (takes: Takes, bytes?: number, context = at) =>
  await capture(subject(takes), sink(bytes), context, undefined);

test('parts are stored one after the other; findings of before and after are kept', async () => {
  const { parts, findings } = await of({
    parts: [stream('db.a'), tree('tree')],
    preflight: [{ verdict: 'unable' }],
    findings: [{ verdict: 'pass' }],
  });
  expect(parts.map((p) => [p.name, p.form, p.files])).toEqual([
    ['db.a', 'stream', undefined],
    ['tree', 'tree', 2],
  ]);
  expect(findings.map((f) => f.verdict)).toEqual(['unable', 'pass']);
  expect(events).toEqual(['store db.a', 'store tree', 'released']);
});

test('a preflight that fails: nothing is read, nothing stored', async () => {
  await expect(of({ parts: [stream('a')], preflight: [{ verdict: 'fail' }] })).rejects.toMatchObject({
    code: 'capture.preflight',
  });
  expect(events).toEqual([]);
});

test('an empty stream is no capture; an empty folder may be one, for the kind to judge', async () => {
  await expect(of({ parts: [stream('a')] }, 0)).rejects.toMatchObject({ code: 'capture.empty' });
  expect(events).toContain('released');
  expect((await of({ parts: [tree('a')] }, 0)).parts).toHaveLength(1);
});

test('a kind that says at the end that it went wrong: no capture, though every byte was stored', async () => {
  await expect(of({ parts: [stream('a')], done: new Error('exit 1') })).rejects.toThrow('exit 1');
  expect(events).toEqual(['store a', 'released']);
});

test('a capture that failed while a part was stored: its error, not the consequence', async () => {
  const failing = capturing(async function* failing(failed) {
    yield stream('a');
    failed(new Error('permission denied'));
    yield stream('b');
    throw new Error('unreachable');
  });
  const method = { name: 'm', preflight: () => Promise.resolve([]), capture: () => Promise.resolve(failing) };
  const store = async (part: Part) => {
    if (part.name === 'b') throw new Error('invalid snapshot identifier');
    return await Promise.resolve({ snapshot: '', bytes: 1, files: 1 });
  };
  const taken = capture(
    { kind: { name: 'k' }, method, spec: {} } as never,
    { name: 'near', store },
    at,
    undefined,
  );
  await expect(taken).rejects.toThrow('permission denied');
  const only = subject({ parts: [stream('b')] });
  await expect(capture(only, { name: 'near', store }, at, undefined)).rejects.toThrow('invalid snapshot');
});

test('empty though it was not before: no capture, unless the plan allows it; one table of several is said', async () => {
  const table = (name: string, rows: number) => ({ name, type: 'table', values: { rows } });
  const taken = async (items: object[], spec: object = {}, kind = 'k', u = 5) => {
    const method = {
      name: 'm',
      preflight: () => Promise.resolve([]),
      capture: () =>
        Promise.resolve(
          capturing(async function* one() {
            yield await Promise.resolve(stream('a'));
            const inventory = { v: 1, items };
            return { asOf, inventory, tools: {}, server: null, findings: [] } as never;
          }),
        ),
    };
    const since = { kind, inventory: { v: 1, items: [table('t', 5), table('u', u)] } } as never;
    return await capture({ kind: { name: 'k' }, method, spec } as never, sink(), at, since);
  };
  await expect(taken([table('t', 0)])).rejects.toMatchObject({ code: 'capture.emptied' });
  expect((await taken([table('t', 0)], { allow_empty: true })).findings).toEqual([]);
  expect((await taken([table('t', 0)], {}, 'another kind before')).findings).toEqual([]);
  const { findings } = await taken([table('t', 0), table('u', 5)]);
  expect(findings).toMatchObject([{ verdict: 'pass', code: 'capture.emptied', params: { tables: 't' } }]);
  const most = await taken([table('t', 5), table('u', 0)], {}, 'k', 6);
  expect(most.findings).toMatchObject([{ verdict: 'unable', params: { tables: 'u' } }]);
  expect((await taken([table('t', 1), table('u', 5)])).findings).toEqual([]);
});

test('no part at all is no capture', async () => {
  await expect(of({ parts: [] })).rejects.toMatchObject({ code: 'capture.nothing' });
});

test.for([[stream('a'), stream('a')], [stream('a/b')], [stream('')], [stream('x'.repeat(211))]])(
  'names that would hide a part are refused',
  async (parts) => {
    await expect(of({ parts })).rejects.toMatchObject({ code: 'capture.parts' });
  },
);

test('aborted: no part is begun any more', async () => {
  await expect(of({ parts: [stream('a')] }, 10, aborted)).rejects.toThrow('stopped');
  expect(events).toEqual(['released']);
});

test('each form goes its way, and what must never be captured is left out of every tree', async () => {
  const seen: unknown[] = [];
  const note = (...given: unknown[]) => {
    seen.push(given);
    return Promise.resolve({ snapshot: '', bytes: 1, files: 1 });
  };
  const host = { wrap: (c: { argv: string[] }) => ['env', ...c.argv] };
  const into = sinkInto({ name: 'near', command: note, stream: note, tree: note }, host as never, [
    '/home/.reprise',
  ]);
  const plain = tree('plain');
  const filtered = { ...tree('filtered'), excludes: ['*.tmp'] } as Part;
  await into.store({ form: 'command', name: 'db', command: { argv: ['pg_dump'] } });
  await into.store(stream('s'));
  await into.store(plain);
  await into.store(filtered);
  expect(seen).toEqual([
    [['env', 'pg_dump'], 'db'],
    [stream('s')],
    [plain, ['/home/.reprise']],
    [filtered, ['*.tmp', '/home/.reprise']],
  ]);
});
