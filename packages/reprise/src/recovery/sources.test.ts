import { expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import type { RecoveryDeps } from './deps.ts';
import { Sources } from './sources.ts';
import { aCopy, aPoint } from './testing/points.ts';

const { signal } = new AbortController();
const point = aPoint('db', '2026-11-20T02:00:00.000Z', { copies: [aCopy('main', 'a'), aCopy('off', 'b')] });

/**
 * Reads the point with a `use` that fails with `error`: what was thrown, how often it was tried, what is then
 * distrusted.
 */
async function reading(error: unknown) {
  const log: unknown[] = [];
  const sources = new Sources({
    plan: { plan: { repositories: { main: { role: 'primary' }, off: { role: 'copy' } } } },
    repository: () => ({ id: async () => 'id' }),
    read: () => ({}),
    log: (line: unknown) => void log.push(line),
  } as unknown as RecoveryDeps);
  let tries = 0;
  const use = async (): Promise<never> => {
    tries += 1;
    throw error;
  };
  let thrown: unknown;
  try {
    await sources.read(point, null, signal, use);
  } catch (e) {
    thrown = e;
  }
  return { thrown, tries, said: log.length, unusable: [...sources.unusable] };
}

test('a repository that fails is distrusted, and the next copy tried', async () => {
  const found = await reading(new RepriseError('repository.damaged', { repository: 'main', what: 'pack' }));
  expect(found.thrown).toMatchObject({ code: 'recovery.no-copy' });
  expect(found).toMatchObject({ tries: 2, said: 2, unusable: ['main', 'off'] });
});

test.each([
  new RepriseError('repository.target-full', { path: '/srv', snapshot: 'a' }),
  new RepriseError('repository.too-old', { found: '0.14.0', needed: '0.17.0' }),
  new RepriseError('service.not-stopped', { service: 'app', seconds: 30 }),
  new RepriseError('scratch.full', { path: '/tmp', needed: 2, free: 1 }),
  new RepriseError('scratch.unreachable', { path: '/tmp', user: 'postgres' }),
  new RepriseError('kind.not-vacant', { component: 'db', found: '1 file' }),
])('what no other copy would change is no repository’s fault: %s', async (error) => {
  expect(await reading(error)).toEqual({ thrown: error, tries: 1, said: 0, unusable: [] });
});
