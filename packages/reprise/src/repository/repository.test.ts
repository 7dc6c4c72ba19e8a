import { Readable } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { errors, RepriseError } from '../lib/errors/index.ts';
import { patternsAt } from './commands/backup-tree.ts';
import { fileName } from './commands/backup.ts';
import { Replay } from './commands/replay.ts';
import { failureCode, failureOf } from './failure.ts';
import { heartbeat } from './invoke.ts';
import { linesOf } from './lines.ts';
import { doomed, giveUp, goDuration } from './patience.ts';
import { partPath } from './restorable.ts';
import { parseTags, tagsOf } from './tags.ts';
import { isLocal, shownUrl } from './url.ts';
import { versionIn } from './version.ts';

describe('tags', () => {
  const tags = { form: 'part', installation: 'i', run: 'r', component: 'db', part: 'db.a%2Cb=c' } as const;
  test('say what a snapshot is, there and back', () => {
    expect(tagsOf(tags)).toEqual(['part', 'component=db', 'part=db.a%2Cb=c', 'run=r', 'installation=i']);
    expect(parseTags(tagsOf(tags))).toEqual(tags);
    expect(parseTags(tagsOf({ form: 'state', installation: 'i', run: 'r' }))).toEqual({
      form: 'state',
      installation: 'i',
      run: 'r',
    });
  });
  test('of somebody else say nothing', () => expect(parseTags(['weekly', 'parts'])).toEqual({}));
  test.each(['a,b', 'a\nb', 'a\0'])('cannot hold %j', (part) =>
    expect(() => tagsOf({ ...tags, part })).toThrow(TypeError),
  );
});

const exit = (message: string): string => JSON.stringify({ message_type: 'exit_error', code: 1, message });

describe('failures', () => {
  // Each as restic 0.18.0 said it.
  test.each([
    [12, '', 'repository.wrong-password'],
    [130, '', 'repository.interrupted'],
    [10, '', 'repository.absent'],
    [11, '', 'repository.locked'],
    [
      1,
      exit('Fatal: unable to save snapshot: write /r/data/e7/e77-tmp-1: no space left on device'),
      'repository.full',
    ],
    [
      0,
      'Remove(<snapshot/26c61712b3>) failed: unexpected HTTP response (403): 403 Forbidden',
      'repository.append-only',
    ],
    [
      1,
      exit('Fatal: unable to open config file: unexpected HTTP response (401): 401 Unauthorized'),
      'repository.denied',
    ],
    [
      1,
      exit('Post "http://***@h/x": dial tcp 127.0.0.1:9: connect: connection refused'),
      'repository.unreachable',
    ],
    [
      1,
      'Load(<data/0736dc4230>, 1, 4) returned error, retrying after 1s: dial tcp: connect: connection refused',
      'repository.unreachable',
    ],
    [
      1,
      exit('Fatal: unable to save snapshot: failed to save /x: Fatal: command failed: exit status 7'),
      'repository.producer-failed',
    ],
    [
      1,
      exit('failed to start command: fork/exec /nonexist: no such file or directory'),
      'repository.producer-failed',
    ],
    [1, exit('Fatal: create repository at /r failed: config file already exists\n'), 'repository.exists'],
    [
      1,
      'Fatal: failed to find snapshot: no matching ID found for prefix "deadbeef"',
      'repository.snapshot-missing',
    ],
    [
      1,
      'Fatal: failed to find snapshot: failed to load snapshot eeeeeeee: <snapshot/eeeeeeeeee> does not exist',
      'repository.snapshot-missing',
    ],
    [
      1,
      'Fatal: failed to find snapshot: failed to load snapshot d9ffd364: LoadRaw(<snapshot/d9ffd3647c>): invalid data returned',
      'repository.damaged',
    ],
    [
      1,
      'Fatal: cannot dump file: decrypting blob <data/00b3e38e> from 0736dc42 failed: ciphertext verification failed',
      'repository.damaged',
    ],
    [
      1,
      'Fatal: cannot dump file: ReadFull(<data/0736dc4230>): open /r/data/07/0736: no such file or directory',
      'repository.damaged',
    ],
    [1, 'unknown flag: --stdin-from-command', 'repository.too-old'],
    [1, 'panic: something', 'repository.failed'],
    [null, '', 'repository.failed'],
  ])('exit %s, %s', (code, stderr, expected) => {
    expect(failureCode(code, stderr)).toBe(expected);
    const error = failureOf({ name: 'main', url: 'rest:https://user:hush@host/x' }, { exit: code, stderr });
    expect(error.code).toBe(expected);
    for (const language of ['en', 'fr'] as const)
      expect(JSON.stringify([error.text(language), error.params])).not.toMatch(/hush|undefined/);
  });
  test('a lock names its holder', () => {
    const stderr = exit(
      'unable to create lock in backend: repository is already locked exclusively by PID 5 on vm by root (UID 0, GID 0)\nlock was',
    );
    const error = failureOf({ name: 'main', url: '/r' }, { exit: 11, stderr });
    expect(error.params).toMatchObject({ who: 'PID 5 on vm by root' });
    expect(error.exit).toBe(4);
  });
  test('what is damaged is named, not the functions of restic that found it', () => {
    const stack = `Load(<data/0123456789>) failed: ciphertext verification failed
github.com/restic/restic/internal/crypto.init
\t/build/restic/internal/crypto/crypto.go:31
github.com/restic/restic/internal/repository.(*Repository).LoadBlob
\t/build/restic/internal/repository/repository.go:270 +0x1f
runtime.doInit1
main.main
goroutine 1 [running]:`;
    for (const text of [stack, stack.replace('ciphertext verification failed', 'something new')])
      expect(failureOf({ name: 'main', url: '/r' }, { exit: 1, stderr: text }).message).toContain(
        'Load(<data/0123456789>) failed',
      );
  });
  test('every code of the folder has both languages', () => {
    const codes = Object.keys(errors).filter((code) => code.startsWith('repository.'));
    expect(codes.length).toBeGreaterThan(15);
  });
});

const line = (what: string, after: string): string =>
  `Stat(<${what}/>) returned error, retrying after ${after}: connect: connection refused`;
const at = (patience = { opening: 20_000, moving: 300_000 }) => {
  const now = { ms: 0, beats: 0 };
  const enough = giveUp(
    patience,
    () => now.ms,
    () => now.beats,
  );
  return { now, enough };
};

describe('patience', () => {
  test('ends when the next attempt would come too late', () => {
    const { now, enough } = at();
    now.ms = 13_000;
    expect(enough(line('config', '6.5s'))).toBe(false);
    expect(enough(line('config', '9.192592624s'))).toBe(true);
  });
  test('is longer once data has moved, and begins anew with every sign of life', () => {
    const { now, enough } = at();
    now.ms = 30_000;
    expect(enough(line('data', '5s'))).toBe(false);
    now.ms = 299_000;
    expect(enough(line('data', '5s'))).toBe(true);
    now.beats = 1;
    expect(enough(line('data', '5s'))).toBe(false);
    now.ms = 320_000;
    expect(enough(line('lock', '5s'))).toBe(false); // refreshing a lock in the middle of a backup
  });
  test('has none for what will never be allowed, and none to lose for other lines', () => {
    const { enough } = at();
    expect(enough('Remove(<snapshot/ab>) returned error, retrying after 1s: 403 Forbidden')).toBe(true);
    expect(enough('loading indexes...')).toBe(false);
    expect(doomed('Save(<data/e77212c0fc>) failed: write: no space left on device')).toBe(true);
    expect(doomed('Save(<data/e7>) returned error, retrying after 1s: EOF')).toBe(false);
  });
  test.each([
    ['850.908117ms', 850.908117],
    ['1m2.5s', 62_500],
    ['55.89323694s', 55_893.23694],
  ])('%s', (text, ms) => expect(goDuration(text)).toBeCloseTo(ms));
  test('status lines that count nothing new are no sign of life', () => {
    const { alive, note } = heartbeat();
    for (const bytes_done of [undefined, 0, 5, 5, 9]) note({ message_type: 'status', bytes_done });
    expect(alive()).toBe(2);
  });
});

describe('excludes', () => {
  test.each([
    ['cache', ['/srv/app/**/cache']],
    ['*.log', ['/srv/app/**/*.log']],
    ['a/b', ['/srv/app/**/a/b']],
    ['/top', ['/srv/app/top']],
    ['!keep', ['!/srv/app/**/keep']],
    ['/srv/app/.reprise', ['/srv/app/.reprise', '/srv/app/srv/app/.reprise']],
    ['/srv/app', ['/srv/app/srv/app']],
    ['/srv/application', ['/srv/app/srv/application']],
  ])('%s', (pattern, expected) => expect(patternsAt('/srv/app', pattern)).toEqual(expected));
  test('at the root of the file system', () => expect(patternsAt('/', '/proc')).toEqual(['/proc']));
  test('below a folder with glob characters', () =>
    expect(patternsAt('/a[1]', 'x')).toEqual([String.raw`/a\[1\]/**/x`]));
});

describe('a stream that is given again', () => {
  test('is whole each time, as long as little was taken', async () => {
    const replay = new Replay(Readable.from(['a', 'b', 'c'].map((c) => Buffer.from(c))));
    const first = replay.chunks();
    await first.next();
    await first.next();
    expect(replay.bytes).toBe(2);
    expect(Buffer.concat(await Array.fromAsync(replay.chunks())).toString()).toBe('abc');
    expect(replay.bytes).toBe(3);
  });
  test('an interrupted wait loses nothing', async () => {
    const body = new Readable({ read() {} });
    const replay = new Replay(body);
    const waiting = replay.chunks().next();
    await Promise.resolve();
    replay.interrupt();
    expect((await waiting).done).toBe(true);
    body.push('late');
    body.push(null);
    expect(Buffer.concat(await Array.fromAsync(replay.chunks())).toString()).toBe('late');
  });
  test('not once much was taken', async () => {
    const replay = new Replay(Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(64 * 1024))));
    for await (const _chunk of replay.chunks());
    expect(replay.canRepeat).toBe(false);
  });
});

test('addresses without credentials; what is a folder', () => {
  expect(shownUrl('rest:https://u:p@h:8000/x/')).toBe('rest:https://***@h:8000/x/');
  expect(shownUrl('s3:https://h/bucket')).toBe('s3:https://h/bucket');
  expect(['/r', 'r', './r', 'local:/r', 'rest:http://h/', 's3:h/b', 'sftp:u@h:/r'].map(isLocal)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('versions', () => {
  expect(versionIn('restic 0.18.0 compiled with go1.24.4 on linux/amd64')).toBe('0.18.0');
  expect(versionIn('not it')).toBeUndefined();
});

test('one file name, no folders', () => {
  expect(fileName(partPath('sys', 'db', 'db.a%2Fb'))).toBe('/reprise.sys.db.db.a%2Fb');
  expect(() => fileName('/a/b')).toThrow(TypeError);
});

test('lines, whole however they are cut', async () => {
  const text = '{"é":1}\nsecond\nlast';
  const bytes = Buffer.from(text);
  const cut = Readable.from(
    [...bytes].map((b) => Buffer.from([b])),
    { objectMode: false },
  );
  expect(await Array.fromAsync(linesOf(cut))).toEqual(text.split('\n'));
});

test('no error text is without a next command', () => {
  const e = new RepriseError('repository.full', { repository: 'main', url: '/r' });
  expect(e.text('fr').hint).toContain('reprise maintain');
});
