import { lstat, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Point } from '@reprise/contracts';
import { afterAll, describe, expect, test } from 'vitest';

import { type Bench, bench } from '../../packages/reprise/src/kinds/conformance/bench.ts';
import { attributesVerdict } from '../../packages/reprise/src/kinds/files/compare.ts';
import { files } from '../../packages/reprise/src/kinds/files/index.ts';
import { FilesSpec } from '../../packages/reprise/src/kinds/files/spec.ts';
import { quote } from '../../packages/reprise/src/kinds/shell.ts';
import { must } from '../testbed/process.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';
import { filesSetup } from './kinds/files-setup.ts';
import { ResticStores } from './kinds/restic-store.ts';

/** What only folders have: choices, mounts, emptiness, places. */
const stores = new ResticStores();
const setup = filesSetup((run) => stores.store(run));
afterAll(() => stores.remove());
const noMounts = await whyNoTmpfs();

/** A bench whose component is another spec of the same world. */
async function benchOf(over: (root: string) => Partial<FilesSpec>): Promise<Bench<FilesSpec>> {
  return await bench({
    ...setup,
    async world(run, scratchRoot) {
      const world = await setup.world(run, scratchRoot);
      return { ...world, spec: FilesSpec.parse({ path: world.spec.path, ...over(world.spec.path) }) };
    },
  });
}
const restored = async (b: Bench<FilesSpec>): Promise<string> => {
  const place = { ...b.world.spec, ...(await b.world.elsewhere()) };
  const point = await b.capture();
  await b.restore(point, place);
  expect(
    (await files.verify(place, b.context(), point.inventory)).filter((f) => f.verdict !== 'pass'),
  ).toEqual([]);
  return place.path;
};

describe('what is chosen', () => {
  test('includes and excludes: restic stores what we count', async () => {
    await using b = await benchOf(() => ({ includes: ['letters', '.env', '*quotes*'], excludes: ['a.txt'] }));
    const path = await restored(b);
    expect((await readdir(path)).toSorted()).toEqual([
      `"quotes" 'and' $HOME \`id\` *?[a]\\`,
      '.env',
      'letters',
    ]);
    expect(await readdir(join(path, 'letters'))).toEqual(['b.txt']);
  });

  test('an include without wildcards that matches nothing fails the preflight', async () => {
    await using b = await benchOf(() => ({ includes: ['letters', 'no/such file'] }));
    await expect(b.capture()).rejects.toThrow(/files.include-missing.*no\/such file/);
  });

  test('the preset finds secrets, and gives no digest of their content', async () => {
    await using b = await benchOf(() => ({ preset: 'secrets' }));
    await mkdir(join(b.world.spec.path, 'tls'));
    await writeFile(join(b.world.spec.path, 'tls', 'site.pem'), 'x');
    const point = await b.capture();
    expect(point.inventory.items.find((i) => i.type === 'tree')?.values).toMatchObject({
      files: 2,
      content: null,
    });
    const path = await restored(b);
    expect((await readdir(path)).toSorted()).toEqual(['.env', 'tls']);
  });

  test('Reprise’s own state is in no capture, wherever it lies', async () => {
    await using b = await benchOf(() => ({}));
    const home = join(b.world.spec.path, 'state', 'of reprise');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'key'), 'x');
    await mkdir(join(b.world.spec.path, '.reprise'));
    await writeFile(join(b.world.spec.path, '.reprise', 'key'), 'x');
    const at = { ...b.context(), never: [home] };
    const point = await b.capture(at);
    const place = await b.world.elsewhere();
    await b.restore(point, place, at);
    expect(await readdir(join(place.path, 'state'))).toEqual([]);
    expect(await readdir(place.path)).not.toContain('.reprise');
  });

  test('what is mounted inside stays out, unless the plan lets it in', async (ctx) => {
    if (noMounts !== undefined) ctx.skip(noMounts);
    for (const one_file_system of [true, false]) {
      await using b = await benchOf(() => ({ one_file_system }));
      await using other = await mountTmpfs({ bytes: 1024 * 1024 });
      await writeFile(join(other.path, 'on another file system'), 'x');
      const mount = join(b.world.spec.path, 'mounted here');
      await using _bound = await bind(other.path, mount);
      const path = await restored(b);
      expect(await readdir(join(path, 'mounted here'))).toEqual(
        one_file_system ? [] : ['on another file system'],
      );
    }
  });
});

const empty = async (b: Bench<FilesSpec>): Promise<void> => {
  for (const name of await readdir(b.world.spec.path, { encoding: 'buffer' }))
    await rm(Buffer.concat([Buffer.from(`${b.world.spec.path}/`), name]), { recursive: true });
};

test('the folder itself: its attributes and its time are compared too', async () => {
  await using b = await benchOf(() => ({}));
  const point = await b.capture();
  const judged = async (inventory = point.inventory): Promise<unknown[]> =>
    (await files.verify(b.world.spec, b.context(), inventory))
      .filter((f) => f.verdict !== 'pass')
      .map((f) => [f.verdict, f.code, f.params['what']]);
  const folder = b.world.spec.path;
  expect(await judged()).toEqual([]);
  const { atime, mtime } = await stat(folder);
  await must(['setfattr', '-n', 'user.root', '-v', 'no', folder]);
  expect(await judged()).toEqual([['fail', 'files.folder', 'xattrs']]);
  await utimes(folder, atime, new Date(mtime.getTime() + 5000));
  expect(await judged()).toEqual([
    ['fail', 'files.folder', 'mtime'],
    ['fail', 'files.folder', 'xattrs'],
  ]);
  // A point of before these were recorded is not judged by them.
  const older = point.inventory.items.map((i) =>
    i.type === 'root' ? { ...i, values: { ...i.values, mtime: null, xattrs: null } } : i,
  );
  expect(await judged({ v: 1, items: older })).toEqual([]);
  expect(attributesVerdict(null, 'user.root=0x79')).toBe('unable');
});

describe('a folder that is empty, or not there', () => {
  test('is refused, before the capture and in it', async () => {
    await using b = await benchOf(() => ({}));
    const before = await b.capture();
    await empty(b);
    await expect(b.capture()).rejects.toThrow(/preflight: files.empty/);
    const captured = async () => {
      await using capture = await b.world.method.capture(b.world.spec, b.context(), before);
      for await (const part of capture.parts) throw new Error(`a part ${part.name} was given`);
      await capture.done;
    };
    await expect(captured()).rejects.toThrow(/is empty; the newest point has \d+ files/);
    await rm(b.world.spec.path, { recursive: true });
    await expect(b.capture()).rejects.toThrow(/preflight: files.root/);
  });

  test('is captured and restored where the plan allows it', async () => {
    await using b = await benchOf(() => ({ allow_empty: true }));
    await empty(b);
    const path = await restored(b);
    expect(await readdir(path)).toEqual([]);
    expect((await stat(path)).mode & 0o7777).toBe((await stat(b.world.spec.path)).mode & 0o7777);
  });

  test('one that lost nearly everything is captured, and cannot be called good', async () => {
    await using b = await benchOf(() => ({}));
    await b.world.slow(); // two thousand more
    const before = await b.capture();
    await rm(join(b.world.spec.path, 'many'), { recursive: true });
    await using capture = await b.world.method.capture(b.world.spec, b.context(), before);
    for await (const part of capture.parts) await b.store.put(part, b.world.host, b.context().signal);
    expect((await capture.done).findings).toContainEqual(
      expect.objectContaining({ verdict: 'unable', code: 'files.shrunk' }),
    );
  });
});

describe('places', () => {
  test('a folder that is there keeps its inode; a mount is filled in place', async (ctx) => {
    if (noMounts !== undefined) ctx.skip(noMounts);
    await using b = await benchOf(() => ({}));
    const point = await b.capture();
    await using mount = await mountTmpfs({ bytes: 8 * 1024 * 1024 });
    await mkdir(join(mount.path, 'lost+found'));
    const place = { ...b.world.spec, path: mount.path };
    const { ino } = await stat(mount.path);
    expect((await b.isVacant(place)).vacant).toBe(true);
    await b.restore(point, place);
    expect((await stat(mount.path)).ino).toBe(ino);
    const time = (await must(['stat', '--format=%.9Y', mount.path])).trim();
    await rm(join(mount.path, 'lost+found'), { recursive: true });
    await must(['touch', '-d', `@${time}`, mount.path]);
    expect(
      (await files.verify(place, b.context(), point.inventory)).filter((f) => f.verdict !== 'pass'),
    ).toEqual([]);
    await expect(files.clear(place, b.context(), 'aside', 'x')).rejects.toMatchObject({
      code: 'files.mounted',
      exit: 4,
    });
    await files.clear(place, b.context(), 'wipe', 'x');
    expect((await b.isVacant(place)).vacant).toBe(true);
  });

  test('the folder that a new file system has is nobody’s: one volume is restored into another', async (ctx) => {
    if (noMounts !== undefined) ctx.skip(noMounts);
    await using b = await benchOf(() => ({}));
    const volume = async () => {
      const mount = await mountTmpfs({ bytes: 8 * 1024 * 1024 });
      await mkdir(join(mount.path, 'lost+found'));
      await writeFile(join(mount.path, 'lost+found', '#12'), 'found by fsck');
      return mount;
    };
    const amiss = async (spec: FilesSpec, point: Point) =>
      (await files.verify(spec, b.context(), point.inventory)).filter((f) => f.verdict !== 'pass');
    await using one = await volume();
    await using other = await volume();
    await must(['cp', '-a', `${b.world.spec.path}/.`, one.path]);
    await must(['mount', '--bind', one.path, b.world.spec.path]);
    const taken = async (): Promise<Point> => {
      try {
        const point = await b.capture();
        expect(await amiss(b.world.spec, point)).toEqual([]);
        return point;
      } finally {
        await must(['umount', b.world.spec.path]);
      }
    };
    const fromVolume = await taken();
    const fromFolder = await b.capture(); // it has no such folder
    const place = { ...b.world.spec, path: other.path };
    for (const point of [fromVolume, fromFolder]) {
      await b.restore(point, place);
      expect(await amiss(place, point)).toEqual([]);
      await files.clear(place, b.context(), 'wipe', 'x');
      expect(await readdir(other.path)).toEqual(['lost+found']);
      expect(await readdir(join(other.path, 'lost+found'))).toEqual(['#12']);
    }
  });

  test('a folder of the same file system that is mounted there is no other: kept, emptied', async (ctx) => {
    if (noMounts !== undefined) ctx.skip(noMounts);
    await using b = await benchOf(() => ({}));
    const point = await b.capture();
    const place = { ...b.world.spec, path: `${b.world.spec.path}-bound` };
    const behind = `${b.world.spec.path}-behind`;
    await mkdir(behind);
    await using _bound = await bind(behind, place.path);
    await b.restore(point, place);
    await expect(files.clear(place, b.context(), 'aside', 'x')).rejects.toMatchObject({
      code: 'files.mounted',
    });
    await files.clear(place, b.context(), 'wipe', 'x');
    expect(await readdir(behind)).toEqual([]);
  });

  test('of an ordinary folder it is data like any other', async () => {
    await using b = await benchOf(() => ({}));
    const mine = join(b.world.spec.path, 'lost+found');
    await mkdir(mine);
    await writeFile(join(mine, 'umbrella'), 'x');
    const point = await b.capture();
    const place = await b.world.elsewhere();
    await b.restore(point, place);
    expect(await readFile(join(place.path, 'lost+found/umbrella'), 'utf8')).toBe('x');
    await rm(join(place.path, 'lost+found'), { recursive: true });
    const found = await files.verify(place, b.context(), point.inventory);
    expect(found.filter((f) => f.verdict === 'fail').map((f) => f.code)).toContain('files.tree');
  });

  test('what Reprise itself put there does not count, and is neither moved nor written over', async () => {
    await using b = await benchOf(() => ({}));
    const root = b.world.spec.path;
    await writeFile(join(root, 'plan.yaml'), 'plan: old\n');
    await writeFile(join(root, '.gitignore'), 'node_modules/\n.reprise/\n');
    const point = await b.capture();
    const place = { ...b.world.spec, path: `${root}-again` };
    const kept = ['plan.yaml', '.gitignore', '.reprise'].map((name) => join(place.path, name));
    const at = { ...b.context(), kept };
    await mkdir(join(place.path, '.reprise', 'keys'), { recursive: true });
    await writeFile(join(place.path, '.reprise', 'keys', 'key'), 'secret');
    await writeFile(join(place.path, 'plan.yaml'), 'plan: new\n');
    await writeFile(join(place.path, '.gitignore'), '.reprise/\n');
    expect((await b.isVacant(place)).vacant).toBe(false);
    expect((await files.isVacant(place, at)).vacant).toBe(true);

    await b.restore(point, place, at);
    const name = `plan.yaml.${point.id.slice(point.id.indexOf('@') + 1)}`;
    expect(await readFile(join(place.path, 'plan.yaml'), 'utf8')).toBe('plan: new\n');
    expect(await readFile(join(place.path, name), 'utf8')).toBe('plan: old\n');
    expect(await readFile(join(place.path, '.gitignore'), 'utf8')).toMatch(/^node_modules/);
    const found = await files.verify(place, at, point.inventory);
    expect(found.filter((f) => f.verdict !== 'pass').map((f) => f.code)).toEqual(['files.kept']);
    expect((await files.isVacant(place, at)).vacant).toBe(false);

    const aside = await files.clear(place, at, 'aside', '20260101');
    expect((await readdir(place.path)).toSorted()).toEqual(['.gitignore', '.reprise', 'plan.yaml']);
    expect(await readdir(aside ?? '')).toContain(name);

    // The very same plan: nothing beside it, and all is as recorded.
    await writeFile(join(place.path, 'plan.yaml'), 'plan: old\n');
    await b.restore(point, place, at);
    expect(await readdir(place.path)).not.toContain(name);
    expect((await files.verify(place, at, point.inventory)).filter((f) => f.verdict === 'fail')).toEqual([]);
    expect(await readFile(join(place.path, '.reprise', 'keys', 'key'), 'utf8')).toBe('secret');
    await rm(place.path, { recursive: true });
    await rm(aside ?? '', { recursive: true });
  });

  test('a half-filled folder is not vacant, and verify says half', async () => {
    await using b = await benchOf(() => ({}));
    const point = await b.capture();
    const place = await b.world.elsewhere();
    await mkdir(join(place.path, '.reprise-restoring'), { recursive: true });
    expect(await b.isVacant(place)).toMatchObject({ vacant: false });
    expect(await files.verify(place, b.context(), point.inventory)).toMatchObject([
      { verdict: 'fail', code: 'files.half' },
    ]);
  });

  test('through a symbolic link: the folder behind it, and the link stays', async () => {
    await using b = await benchOf(() => ({}));
    const point = await b.capture();
    const { path } = await b.world.elsewhere();
    await mkdir(join(path, '..'), { recursive: true });
    await rm(path, { recursive: true, force: true });
    await symlink(`${path}-real`, path);
    const place = { ...b.world.spec, path };
    await b.restore(point, place);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(`${path}-real`, 'letters', 'a.txt'), 'utf8')).toBe('first');
    const aside = await files.clear(place, b.context(), 'aside', '20260101');
    expect(aside).toBe(`${path}-real.before-20260101`);
    expect(await readFile(join(aside ?? '', 'letters', 'a.txt'), 'utf8')).toBe('first');
    expect((await b.isVacant(place)).vacant).toBe(true);
  });

  test.each([
    ['a preset', { preset: 'config' as const }],
    ['includes', { includes: ['.env', 'api/*.conf'] }],
    ['excludes', { excludes: ['uploads', 'api/cache'] }],
  ])(
    'a folder shared with other live data: only its own files are judged, moved, filled (%s)',
    async (_, over) => {
      await using b = await benchOf(() => over);
      await empty(b);
      const root = b.world.spec.path;
      const uploads = join(root, 'uploads');
      const cache = join(root, 'api', 'cache');
      await mkdir(join(root, 'api'), { mode: 0o750 });
      await writeFile(join(root, '.env'), 'KEY=old', { mode: 0o640 });
      await writeFile(join(root, 'api', 'odd \n{}.conf'), 'old');
      for (const folder of [uploads, cache]) {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'photo.jpg'), 'of others');
      }
      const ids = async () => [(await stat(uploads)).ino, (await stat(join(cache, 'photo.jpg'))).ino];
      const before = await ids();
      const place = b.world.spec;
      const point = await b.capture();
      expect(await b.isVacant(place)).toMatchObject({ vacant: false });
      await expect(b.restore(point, place)).rejects.toMatchObject({ code: 'kind.not-vacant' });

      await writeFile(join(root, '.env'), 'KEY=newer');
      const aside = await files.clear(place, b.context(), 'aside', '20260101');
      expect(aside).toBe(`${root}.before-20260101`);
      expect((await readdir(aside ?? '', { recursive: true })).toSorted()).toEqual([
        '.env',
        'api',
        'api/odd \n{}.conf',
      ]);
      expect(await readFile(join(aside ?? '', '.env'), 'utf8')).toBe('KEY=newer');
      expect(await ids()).toEqual(before);
      expect(await readFile(join(uploads, 'photo.jpg'), 'utf8')).toBe('of others');
      expect((await b.isVacant(place)).vacant).toBe(true);

      for (const again of [false, true]) {
        if (again) await files.clear(place, b.context(), 'wipe', 'x');
        await b.restore(point, place);
        expect(await ids()).toEqual(before);
        expect(await readFile(join(root, '.env'), 'utf8')).toBe('KEY=old');
        expect((await readdir(root)).toSorted()).toEqual(['.env', 'api', 'uploads']);
        expect(
          (await files.verify(place, b.context(), point.inventory)).filter((f) => f.verdict !== 'pass'),
        ).toEqual([]);
      }
    },
  );

  test('by hand, without Reprise: the lines of the kit', async () => {
    await using b = await benchOf(() => ({}));
    const shell = b.world.method
      .byHand(await b.capture(), b.world.spec)
      .map((s) => s.shell)
      .join('\n');
    expect(shell).toContain('{{restic}} restore {{snapshot:tree}}');
    expect(shell).toContain(`'\\''of'\\''`);
    expect(shell).toMatch(/chmod 2750/);
    // The folder itself, as its lines give it back to another.
    const last = shell.slice(shell.lastIndexOf('--verify && ') + '--verify && '.length);
    const other = (await b.world.elsewhere()).path;
    await mkdir(other, { recursive: true });
    await must(['sh', '-c', last.replaceAll(quote(b.world.spec.path), quote(other))]);
    const look = async (path: string) => {
      const argv = ['getfattr', '-d', '-m', '-', '-e', 'hex', '.'];
      return [await must(argv, { cwd: path }), (await stat(path, { bigint: true })).mtimeNs];
    };
    expect(await look(other)).toEqual(await look(b.world.spec.path));
  });
});

test('discover: folders with files, and the configuration beside them', async () => {
  await using b = await benchOf(() => ({}));
  const found = await Array.fromAsync(files.discover(b.context(), [b.world.spec.path, '/no/such root']));
  expect(found.map((p) => [p.name, p.spec.preset ?? 'none'])).toEqual([
    [expect.stringMatching(/config$/), 'config'],
    ['letters', 'none'],
  ]);
  for (const { spec } of found) expect(FilesSpec.safeParse(spec).success).toBe(true);
});

async function bind(from: string, to: string): Promise<AsyncDisposable> {
  await mkdir(to);
  await must(['mount', '--bind', from, to]);
  return { [Symbol.asyncDispose]: async () => void (await must(['umount', to])) };
}
