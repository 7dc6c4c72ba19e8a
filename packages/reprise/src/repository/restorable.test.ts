import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { PartRecord, Point } from '@reprise/contracts';
import { expect, test } from 'vitest';

import type { Repository } from './repository.ts';
import { partPath, readFrom } from './restorable.ts';

const { signal } = new AbortController();
const content = 'select 1;\n';
const digest = createHash('sha256').update(content).digest('hex');
const point = { id: 'db@1', component: 'db' } as Point;
const dump: PartRecord = {
  name: 'db.shop',
  form: 'stream',
  snapshot: 's1',
  bytes: content.length,
  sha256: digest,
};
const tree: PartRecord = { name: 'tree', form: 'tree', snapshot: 's2', bytes: 9, files: 3 };

const asked: string[] = [];
const repository = (body: Readable, complete = Promise.resolve(), files = 3): Repository =>
  ({
    name: 'near',
    dump: (snapshot: string, path: string) => {
      asked.push(`${snapshot} ${path}`);
      return Promise.resolve({ body, complete });
    },
    restore: () => Promise.resolve({ files, bytes: 9 }),
  }) as never;
const reading = (of: Repository, part: PartRecord = dump) => readFrom(of, 'shop', point, [part, tree]);
const read = async (of: Repository, part?: PartRecord): Promise<string> =>
  await text(await reading(of, part).open('db.shop', signal));

test('a stream is read by its path, and its digest is remembered', async () => {
  const from = reading(
    repository(Readable.from([content.slice(0, 3), content.slice(3)].map((c) => Buffer.from(c)))),
  );
  expect(await text(await from.open('db.shop', signal))).toBe(content);
  expect(from.sha256.get('db.shop')).toBe(digest);
  expect(asked.at(-1)).toBe(`s1 ${partPath('shop', 'db', 'db.shop')}`);
});

const { sha256: _, ...undigested } = dump;
test.for([
  ['one byte less', content.slice(0, -1), undigested],
  ['one byte more', `${content}x`, undigested],
  ['nothing', '', undigested],
  ['as many other bytes', content.toUpperCase(), dump],
] as const)('%s than were recorded: damaged, at the end of the stream', async ([, bytes, part]) => {
  await expect(read(repository(Readable.from([Buffer.from(bytes)])), part)).rejects.toMatchObject({
    code: 'repository.damaged',
  });
});

test('all bytes came and restic failed: the stream does not end well', async () => {
  const failed = Promise.reject(new Error('restic ended with 1'));
  await expect(read(repository(Readable.from([Buffer.from(content)]), failed))).rejects.toThrow(
    'ended with 1',
  );
});

test('a source that breaks breaks the stream', async () => {
  const broken = Readable.from(
    (async function* body() {
      yield await Promise.resolve(Buffer.from('sel'));
      throw new Error('connection reset');
    })(),
  );
  await expect(read(repository(broken))).rejects.toThrow('connection reset');
});

test(
  'a source that an abort closed before anybody read it ends the stream with the reason',
  { timeout: 2000 },
  async () => {
    const closed = new Readable({ read() {} }).destroy();
    const killed = Promise.reject(new Error('aborted'));
    await expect(read(repository(closed, killed))).rejects.toThrow('aborted');
  },
);

test('a tree with fewer files than were recorded is damaged', async () => {
  const none = Readable.from([]);
  await reading(repository(none)).place('tree', '/to', signal);
  await expect(reading(repository(none, undefined, 2)).place('tree', '/to', signal)).rejects.toMatchObject({
    code: 'repository.damaged',
  });
  const { files: _files, ...uncounted } = tree;
  const from = readFrom(repository(none, undefined, 0), 'shop', point, [uncounted]);
  await from.place('tree', '/to', signal);
});

test('a part that the point does not have, or has in another form', async () => {
  const from = reading(repository(Readable.from([])));
  await expect(from.open('db.other', signal)).rejects.toThrow(TypeError);
  await expect(from.open('tree', signal)).rejects.toThrow(TypeError);
});
