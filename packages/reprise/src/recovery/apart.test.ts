import { Readable } from 'node:stream';

import { expect, test } from 'vitest';

import { insistApart } from './apart.ts';
import { directoryPlace, inSitu, type RecoveryPlace } from './place.ts';

const links: Readonly<Record<string, string>> = { '/tmp/link': '/srv/uploads/deep' };
const host = {
  run: async ({ argv }: { argv: readonly string[] }) => {
    const path = (argv.at(-1) ?? '').replace(/(.)\/$/, '$1');
    const code = argv[0] === 'test' && path === '/read-only' ? 1 : 0;
    return {
      stdin: null,
      stdout: Readable.from([Buffer.from(`${links[path] ?? path}\0`)]),
      stderr: Readable.from([]),
      exit: Promise.resolve({ code, signal: null, stderr: '' }),
    };
  },
  stat: async (path: string) =>
    /^(\/|\/(srv|opt|tmp|backup|proc|read-only|tmp\/link|srv\/uploads|srv\/uploads\/deep|file))$/.test(path)
      ? { type: path === '/file' ? 'file' : 'directory' }
      : undefined,
  free: async (path: string) => (path === '/proc' ? 0 : 4096),
};
const deps = {
  home: '/opt/shop/.reprise',
  kinds: new Map([
    ['files', { relocate: (s: { path: string }, p: RecoveryPlace) => ({ path: p.path(s.path) }) }],
  ]),
  plan: {
    components: new Map([['uploads', { kind: 'files', spec: { path: '/srv/uploads' }, service: 'app' }]]),
    plan: {
      services: { app: { kind: 'command', place: { PID: { path: '/srv/run' }, PORT: { port: 1 } } } },
      repositories: {
        near: { url: '/backup/near' },
        second: { url: 'local:/backup/second' },
        far: { url: 'rest:https://far/' },
      },
    },
  },
};
const asked = async (root: string | null) =>
  await insistApart(deps as never, root === null ? inSitu : directoryPlace(root, new Map()), {
    host,
    signal: new AbortController().signal,
  } as never);

test.each([
  '/srv/uploads',
  '/srv/uploads/try',
  '/srv/run/x',
  '/backup/near',
  '/backup/near/data',
  '/backup/second/x',
  '/tmp/link',
  '/tmp/link/further/below',
])('%s is inside what is in use', async (root) => {
  await expect(asked(root)).rejects.toMatchObject({ code: 'place.inside-live' });
});

test.each(['/opt/shop/.reprise', '/opt/shop/.reprise/scratch', '/opt/shop', '/opt'])(
  '%s is around what Reprise itself needs, or in it',
  async (root) => {
    const code = root.startsWith('/opt/shop/.reprise') ? 'place.inside-live' : 'place.holds-home';
    await expect(asked(root)).rejects.toMatchObject({ code });
  },
);

test.each(['/srv', '/backup'])('%s is around what is in use', async (root) => {
  await expect(asked(root)).rejects.toMatchObject({ code: 'place.holds-live' });
});

test.each([
  ['/proc/x', 'no-room'],
  ['/file/below', 'not-a-folder'],
  ['/read-only/x/y', 'read-only'],
])('%s can hold nothing: %s', async (root, reason) => {
  await expect(asked(root)).rejects.toMatchObject({ code: 'place.unusable', params: { reason } });
});

test.each([null, '/opt/shop/tried', '/srv/uploads2', '/tmp/other'])('%s is apart', async (root) => {
  await expect(asked(root)).resolves.toBeUndefined();
});
