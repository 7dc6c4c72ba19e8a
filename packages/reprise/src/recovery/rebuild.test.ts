import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { EntryV1, Rebuild } from '@reprise/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { localHost } from '../hosts/local.ts';
import { systemClock } from '../lib/clock.ts';
import { directoryPlace, inSitu, type RecoveryPlace } from './place.ts';
import { rebuild } from './rebuild.ts';

let folder: string;
let entries: EntryV1[];
let ready: 'pass' | 'fail';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  entries = [];
  ready = 'fail';
});
afterEach(() => rmSync(folder, { recursive: true }));

const signal = new AbortController().signal;
const command = (script: string) => ({
  argv: ['sh', '-c', script] as [string, ...string[]],
  env: { DATA: 'overridden by the place' },
  secrets: {},
  timeout: 5000,
});
const make = (): Rebuild => ({
  from: 'command',
  command: command('echo made >> "$LOG"; mkdir "$DATA"; echo whole > "$DATA/version"'),
  creates: join(folder, 'data'),
});

async function run(how: Rebuild | undefined, place: RecoveryPlace = inSitu, variables = true) {
  const host = localHost({ run: null, scratchRoot: folder, clock: systemClock });
  const log = { LOG: { path: join(folder, 'log') }, DATA: { path: join(folder, 'data') } };
  const plan = { plan: { services: { pg: { kind: 'command', place: variables ? log : {} } } } };
  const service = { ready: async () => ({ verdict: ready }) };
  const component = { name: 'db', service: 'pg', common: { rebuild: how } };
  const target = {
    component,
    place,
    context: { host, service, clock: systemClock, signal, secret: () => {} },
  };
  const record = { run: 'aaaaaaaa-0000', signal, append, entries: () => entries, others: () => [] };
  return await rebuild({ plan } as never, target as never, record as never);
}
const append = (type: string, body: object) => entries.push({ type, body } as EntryV1);
const version = (): string => readFileSync(join(folder, 'data/version'), 'utf8').trim();
const times = (): number => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').length;

test('made where it is not there; not again where it is', async () => {
  expect(await run(make())).toBe('made');
  expect(version()).toBe('whole');
  entries = []; // another run
  expect(await run(make())).toBe('there');
  expect(times()).toBe(1);
});

test('what was there before this run is never moved', async () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/version'), 'live');
  expect(await run(make())).toBe('there');
  expect(version()).toBe('live');
  expect(entries).toEqual([]);
});

test('one that was cut short is moved aside and made anew', async () => {
  await expect(
    run({ ...make(), command: command('mkdir "$DATA"; exit 9') } as Rebuild),
  ).rejects.toMatchObject({
    code: 'recovery.command-failed',
  });
  expect(existsSync(join(folder, 'data'))).toBe(true);
  expect(await run(make())).toBe('made');
  expect(version()).toBe('whole');
  expect(readdirSync(folder).filter((n) => n.startsWith('data.'))).toHaveLength(1);
});

test('a command that ends well without creating it has not rebuilt it', async () => {
  await expect(run({ ...make(), command: command('true') } as Rebuild)).rejects.toMatchObject({
    code: 'rebuild.not-created',
  });
});

test('without `creates`, a service that answers needs no rebuild', async () => {
  const { creates: _, ...blind } = make() as Extract<Rebuild, { from: 'command' }>;
  ready = 'pass';
  expect(await run(blind)).toBe('there');
  ready = 'fail';
  expect(await run(blind)).toBe('made');
});

test('in another place with that place’s variables; without any it would touch the live system', async () => {
  const place = directoryPlace(join(folder, 'x'), new Map());
  mkdirSync(join(folder, 'x', folder), { recursive: true });
  expect(await run(make(), place)).toBe('made');
  expect(existsSync(join(folder, 'data'))).toBe(false);
  expect(existsSync(join(folder, 'x', folder, 'data/version'))).toBe(true);
  await expect(run(make(), place, false)).rejects.toMatchObject({ code: 'place.live' });
});

test('what this version cannot do, and a command that takes too long', async () => {
  await expect(run({ from: 'image', image: 'x' })).rejects.toMatchObject({ code: 'rebuild.unsupported' });
  await expect(run(undefined)).rejects.toMatchObject({ code: 'rebuild.unsupported' });
  const slow = { ...command('exec sleep 9'), timeout: 60 };
  await expect(run({ from: 'command', command: slow })).rejects.toMatchObject({ params: { how: '> 60 ms' } });
});

test('in another place the folder it works in is made and given to its user', async () => {
  chmodSync(folder, 0o755);
  const place = directoryPlace(join(folder, 'elsewhere'), new Map());
  const user = process.getuid?.() === 0 ? 'nobody' : userInfo().username;
  const how = make();
  const as = { ...how, command: { ...(how as { command: object }).command, user } } as Rebuild;
  expect(await run(as, place)).toBe('made');
  const made = statSync(place.path(join(folder, 'data'))).uid;
  expect(statSync(place.path(folder)).uid).toBe(made);
  expect(made === 0).toBe(false);
  expect(statSync(place.path('/')).uid).toBe(process.getuid?.());
});
