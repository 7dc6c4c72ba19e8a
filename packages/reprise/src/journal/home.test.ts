import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { Bench, scribble } from './fixtures.ts';
import { existingJournal, helpFor, homePaths, prepareHome, writingIn } from './home.ts';
import { loadSigningKey } from './keys.ts';
import { openJournal } from './store.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

/** root may do anything anywhere: the same as another user. Who is not root takes the rights from its own folder. */
const isRoot = process.getuid?.() === 0;
const asNobody = (): void => void (isRoot && process.seteuid?.('nobody'));
const asMyself = (): void => void (isRoot && process.seteuid?.(0));
const mode = isRoot ? { closed: 0o700, readOnly: 0o755 } : { closed: 0o000, readOnly: 0o555 };
const homes: string[] = [];
afterEach(() => {
  asMyself();
  for (const home of homes.splice(0)) chmodSync(home, 0o700);
});

async function aHome(): Promise<string> {
  const journal = await bench.installation();
  scribble(journal, 3);
  await journal[Symbol.asyncDispose]();
  homes.push(journal.home);
  return journal.home;
}
const open = async (home: string, how: 'read' | 'write') =>
  await openJournal({ home, clock: systemClock, mode: how });
const refusal = async (act: () => Promise<unknown>): Promise<RepriseError> => {
  const e = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (e instanceof RepriseError) return e;
  throw new Error(`not refused: ${String(e)}`);
};

test('a home that one may not enter is not taken for one that is gone', async () => {
  const home = await aHome();
  chmodSync(home, mode.closed);
  asNobody();
  const e = await refusal(async () => await open(home, 'read'));
  expect(e).toMatchObject({ code: 'home.denied', exit: 1, params: { path: home, why: 'EACCES' } });
  for (const { message, hint } of [e.text('en'), e.text('fr')]) {
    expect(message).toContain(home);
    expect(hint).toContain('sudo');
    expect(message + hint).not.toMatch(/init|bootstrap|lost|perdu/);
  }
  asMyself();
  expect(() => existingJournal(join(home, 'elsewhere'))).toThrow(
    expect.objectContaining({ code: 'journal.absent' }),
  );
});

test.for([
  ['the folder of the keys', 'keys', 0o000],
  ['the key itself', 'signingKey', 0o600],
] as const)(
  'a signing key that is closed to this user is not taken for one that is gone: %s',
  async ([, what, closed]) => {
    const home = await aHome();
    chmodSync(home, 0o755);
    const { keys } = homePaths(home);
    chmodSync(keys, 0o755);
    chmodSync(homePaths(home)[what], isRoot ? closed : 0o000);
    asNobody();
    expect(() => loadSigningKey(home)).toThrow(expect.objectContaining({ code: 'home.denied' }));
    asMyself();
    chmodSync(keys, 0o700);
  },
);

test('in a home that one may only read, reading reads and leaves nothing; nothing is made there', async () => {
  const home = await aHome();
  chmodSync(home, mode.readOnly);
  asNobody();
  {
    await using journal = await open(home, 'read');
    expect(journal.head().seq).toBe(6);
    expect([...journal.entries()]).toHaveLength(6);
  }
  expect(existsSync(join(home, 'journal.sqlite-wal'))).toBe(false);
  expect(() => prepareHome(join(home, 'below'))).toThrow(
    expect.objectContaining({
      code: 'home.not-writable',
      params: expect.objectContaining({ why: 'EACCES', help: 'user' }),
    }),
  );
});

test('what lies in a log that cannot be read is not passed over', async () => {
  await using writer = await bench.installation();
  scribble(writer, 3);
  const home = bench.folder();
  homes.push(home);
  for (const file of ['journal.sqlite', 'journal.sqlite-wal'])
    cpSync(join(writer.home, file), join(home, file));
  chmodSync(home, mode.readOnly);
  asNobody();
  const e = await refusal(async () => await open(home, 'read'));
  expect(e.code).toBe('journal.not-writable');
});

test('what another process writes while the file alone is read is not believed', async () => {
  const home = await aHome();
  chmodSync(home, mode.readOnly);
  asNobody();
  await using reader = await open(home, 'read');
  expect(reader.head().seq).toBe(6);
  asMyself();
  chmodSync(home, 0o700);
  await using writer = await open(home, 'write');
  scribble(writer, 1);
  expect(() => reader.head()).toThrow(expect.objectContaining({ code: 'journal.busy' }));
});

test('the reason is the folder’s own, and each has its help', () => {
  const home = bench.folder();
  rmSync(home, { recursive: true });
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code, syscall: 'mkdir' });
  };
  const params = { path: home, help: 'room' };
  expect(() => writingIn(home, failing('ENOSPC'))).toThrow(
    expect.objectContaining({ code: 'home.not-writable', params: expect.objectContaining(params) }),
  );
  const defect = new TypeError('a defect');
  const broken = () => {
    throw defect;
  };
  expect(() => writingIn(home, broken)).toThrow(defect);
  expect(['EROFS', 'EPERM', 'EDQUOT', 'EIO'].map(helpFor)).toEqual(['mount', 'user', 'room', 'other']);
});
