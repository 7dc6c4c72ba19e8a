import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, passes, sabotaged, type Liars } from './harness.ts';

/** What is done to the primary's files; the copy is whole, and older points are restored from there. */
let world: World;
let tools: Liars;
const primary = (path = ''): string => join(world.dir, 'primary', path);
const whole = (): string => join(world.dir, 'primary.whole');

beforeAll(async () => {
  world = await makeWorld({ without: ['db'], plan: (text) => text.replace('    preset: secrets\n', '') });
  tools = await liars();
  await world.ok(['backup']);
  await cp(primary(), whole(), { recursive: true });
});
afterEach(async () => {
  await rm(primary(), { recursive: true });
  await cp(whole(), primary(), { recursive: true });
  await tools.tell('restic');
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
});

async function files(folder: string): Promise<string[]> {
  const found = await readdir(primary(folder), { recursive: true, withFileTypes: true });
  return found.filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name));
}
/** One bit in the middle, or one in every so many bytes. */
async function flip(file: string, every?: number): Promise<void> {
  const bytes = await readFile(file);
  const [first, step] = every === undefined ? [Math.floor(bytes.length / 2), bytes.length] : [0, every];
  for (let at = first; at < bytes.length; at += step) bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await must(['chmod', 'u+w', file]);
  await writeFile(file, bytes);
}
const damaged = { exit: 1, error: 'repository.damaged', restores: ['notes', 'config'] };

describe('the repository’s files', () => {
  test('bits flipped in every pack: what is stored does not read back, older points come from the copy', async () => {
    for (const pack of await files('data')) await flip(pack, 64); // in every blob: a state stored now shares some

    const { json } = await sabotaged(world, ['verify', '--read-data', '1/1'], { ...damaged, rebuild: 1 });
    for (const p of json.points.filter((v: { repository: string }) => v.repository === 'copy'))
      expect(p.level).not.toBeNull();
  });

  test('bits flipped in every pack: a backup that would share them makes no point', async () => {
    for (const pack of await files('data')) await flip(pack);
    await sabotaged(world, ['backup', 'app'], { ...damaged, mend });
  });

  test('a bit flipped in the newest point: it is good no more, and nothing older is given up', async () => {
    await world.ok(['verify', 'config']); // readable again since the packs are whole: the record says so
    const packs = new Set(await files('data'));
    await writeFile(world.live('config/blob'), randomBytes(4_000_000));
    await world.ok(['backup', 'config']);
    const [newest, ...older] = await world.points('config');
    const added = (await files('data')).filter((f) => !packs.has(f));
    const sizes = await Promise.all(added.map(async (f) => ({ f, size: (await stat(f)).size })));
    await flip(sizes.toSorted((a, b) => b.size - a.size)[0]?.f ?? '');
    const verdicts = async (): Promise<unknown> =>
      (await world.points('config')).map((p) => [p.id, p.copies.map((c) => [c.repository, c.verdict])]);
    const good = [
      ['primary', 'pass'],
      ['copy', 'pass'],
    ];
    const marked = [[newest?.id, [['primary', 'fail'], good[1]]], ...older.map((p) => [p.id, good])];

    const { json, error } = await world.ok(['verify', 'config'], { exit: 1 });
    expect(error).toBe('repository.damaged');
    expect(json.points.map((p: { findings: object[] }) => p.findings)).toContainEqual([
      expect.objectContaining({ code: 'repository.unreadable', subject: newest?.id }),
    ]);
    expect(await verdicts()).toEqual(marked);

    await world.ok(['maintain', '--repository', 'primary', '--read-data', '1/1'], { exit: 1 });
    expect(await verdicts()).toEqual(marked);
    const { findings } = (await world.ok(['status'], { exit: 1 })).json;
    expect(findings.map((f: { code: string }) => f.code)).toEqual(
      expect.arrayContaining(['status.unreadable', 'status.damaged']),
    );
    expect(
      (await world.ok(['restore', 'config', '--to', `directory:${world.dir}/again`])).error,
    ).toBeUndefined();
    await world.restores(older.slice(0, 1));
    await rm(world.live('config/blob'));
  });

  test('deleted packs', async () => {
    for (const pack of await files('data')) await rm(pack, { force: true });
    await sabotaged(world, ['backup', 'app'], { ...damaged, mend });
  });

  test('a missing index', async () => {
    for (const index of await files('index')) await rm(index, { force: true });
    await sabotaged(world, ['verify'], { ...damaged, mend });
  });

  test('the wrong password', async () => {
    const key = join(world.home, 'keys/repository-primary');
    const right = await readFile(key);
    await writeFile(key, 'not-the-password');
    await sabotaged(world, ['backup', 'app'], {
      exit: 1,
      error: 'repository.wrong-password',
      restores: ['notes'],
      mend: async () => await writeFile(key, right),
    });
  });
});

/** The catalogue is asked of a primary that can be read again; what was in it when it was damaged is gone. */
const mend = async (): Promise<void> => {
  await rm(primary(), { recursive: true });
  await cp(whole(), primary(), { recursive: true });
};

/** A `restic backup` that reads what it is given, writes nothing and says that all is well. */
const summary = (
  when: string,
  snapshot: string,
): string => `case "$*" in *backup*"${when}"*) ;; *) exec "$real" "$@";; esac
case "$*" in
  *--stdin-from-command*) while [ "$1" != -- ]; do shift; done; shift; bytes=$("$@" | wc -c); files=1;;
  *--stdin*) bytes=$(cat | wc -c); files=1;;
  *) bytes=$(find . -type f -printf '%s\\n' | awk '{s+=$1} END {print s+0}'); files=$(find . -type f | wc -l);;
esac
echo "{\\"message_type\\":\\"summary\\",\\"files_new\\":$files,\\"total_files_processed\\":$files,\\"total_bytes_processed\\":$bytes,\\"data_added\\":$bytes,\\"snapshot_id\\":\\"${snapshot}\\"}"`;

describe('restic', () => {
  const nobody = 'a'.repeat(64);
  const missing = { exit: 1, error: 'repository.snapshot-missing' };

  test('prints a summary without writing: a stream', async () => {
    await tools.lie('restic', summary('--tag part', nobody));
    await sabotaged(
      world,
      ['backup', 'app'],
      { ...missing, restores: ['notes'], mend: () => tools.tell('restic') },
      { path: [tools.path] },
    );
  });

  test('prints a summary without writing: a folder', async () => {
    await tools.lie('restic', summary('--tag part', nobody));
    await sabotaged(
      world,
      ['backup', 'config'],
      { ...missing, restores: ['config'], mend: () => tools.tell('restic') },
      { path: [tools.path] },
    );
  });

  test('prints a summary without writing the state: the point is not committed', async () => {
    await tools.lie('restic', summary('--tag state', nobody));
    await sabotaged(
      world,
      ['backup', 'config'],
      { ...missing, restores: ['config'], mend: () => tools.tell('restic') },
      { path: [tools.path] },
    );
  });

  test('ends a check well without having checked anything', async () => {
    await world.ok(['backup', 'config']); // its newest point was taken away with the repository of the test before
    await tools.lie('restic', 'case " $* " in *" check "*) exit 0;; esac\nexec "$real" "$@"');
    const failed = { exit: 1, error: 'repository.failed', says: /check: exit 0 without a summary/ };
    await sabotaged(
      world,
      ['verify', 'config', '--read-data', '1/1'],
      { ...failed, restores: ['config'], mend: () => tools.tell('restic') },
      { path: [tools.path] },
    );
  });

  test('names the snapshot of another component, of the same size', async () => {
    const [uploads] = await world.points('uploads');
    const snapshot = uploads?.copies.find((c) => c.repository === 'primary')?.parts[0]?.snapshot ?? '';
    await rm(world.live('config'), { recursive: true });
    await cp(world.live('app/uploads'), world.live('config'), { recursive: true });
    await tools.lie('restic', summary('--tag part', snapshot));
    await sabotaged(
      world,
      ['backup', 'config'],
      { exit: 1, error: 'capture.check-failed', restores: ['config'], mend: () => tools.tell('restic') },
      { path: [tools.path] },
    );
  });

  test('control: with the honest one every component has a new point, and it is restored', async () => {
    await passes(world, ['backup'], { path: [tools.path] });
  });
});
