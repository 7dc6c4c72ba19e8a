import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { lockWaitOf, openApp, type App, type AppOptions } from './app.ts';
import { createInstallation } from './journal/installation.ts';
import { systemClock } from './lib/clock.ts';
import { newRecoveryKey, rootOf } from './lib/recovery-key.ts';

const plan = `version: 1
system: shop
tiers: {gold: {rpo: 25h, rto: 4h, tolerance: 10m}}
repositories: {primary: {url: /r, retention: {daily: 7}}}
protections: {nightly: {schedule: "0 2 * * *", repositories: [primary]}}
components: {web: {kind: files, path: /srv, tier: gold, captures: [nightly]}}
`;
let home = '';
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'reprise-app-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, 'reprise.yaml'), plan);
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 'shop', role: 'writer', version: '0', root });
});
const open = async (env: AppOptions['env'] = {}): Promise<App> =>
  await openApp({ planFile: join(home, 'reprise.yaml'), home, env, language: 'en', log: () => {} }, 'write');

/** What this process holds open of the installation. */
const held = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(home) ? [path] : [];
    } catch {
      return []; // closed meanwhile
    }
  });

test('holds the journal until it is disposed', async () => {
  const app = await open();
  expect(held()).not.toEqual([]);
  await app[Symbol.asyncDispose]();
  expect(held()).toEqual([]);
});

test('what fails after the journal was opened leaves it closed', async () => {
  const env = {
    get REPRISE_TEST_KILL(): string {
      throw new Error('too late');
    },
  };
  await expect(open(env)).rejects.toThrow('too late');
  expect(held()).toEqual([]);
});

test('one host that cannot be closed keeps neither the others nor the journal open', async () => {
  const app = await open();
  const closed: string[] = [];
  for (const run of ['first', 'second', 'third'])
    Object.assign(app.host('local', run), {
      [Symbol.asyncDispose]: () => {
        closed.push(run);
        return run === 'second' ? Promise.reject(new Error('does not end')) : Promise.resolve();
      },
    });
  await expect(app[Symbol.asyncDispose]()).rejects.toThrow('does not end');
  expect(closed.toSorted()).toEqual(['first', 'second', 'third']);
  expect(held()).toEqual([]);
});

/** A repository that somebody else has locked until it is waited for; writes down how it was called. */
function lockedRestic(): () => string {
  const [bin, calls] = [join(home, 'bin'), join(home, 'calls')];
  mkdirSync(bin);
  mkdirSync(join(home, 'keys'), { recursive: true });
  writeFileSync(join(home, 'keys/repository-primary'), 'secret\n', { mode: 0o600 });
  const script = `#!/bin/sh
[ "$1" != version ] || { echo restic 0.18.0; exit; }
echo "$*" >>${calls}
case "$*" in unlock*) exit 0 ;; *--retry-lock*) exit 1 ;; *) exit 11 ;; esac
`;
  writeFileSync(join(bin, 'restic'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => readFileSync(calls, 'utf8');
}

test.for([
  ['8s', '2s'], // a quarter of it
  ['25h', '10s'], // 5 min, waited for in slices
] as const)('with an RPO of %s a locked repository is waited for %s at a time', async ([rpo, waited]) => {
  writeFileSync(join(home, 'reprise.yaml'), plan.replace('rpo: 25h', `rpo: ${rpo}`).replace('10m', '1s'));
  const calls = lockedRestic();
  await using app = await open();
  const tags = { form: 'part', installation: 'i', run: 'r', component: 'web', part: 'tree' } as const;
  const repository = app.repository('primary', 'writer', null);
  await expect(repository.backupTree({ root: home }, tags, AbortSignal.timeout(15_000))).rejects.toThrow();
  expect(calls()).toContain(`--retry-lock ${waited} `);
});

test('a lock is waited for a quarter of the shortest RPO, five minutes at most', () => {
  const of = (...rpo: (number | undefined)[]): number =>
    lockWaitOf({ components: new Map(rpo.map((ms, i) => [`${i}`, { objectives: { rpo: ms } }])) } as never);
  expect(of()).toBe(300_000);
  expect(of(undefined)).toBe(300_000);
  expect(of(3_600_000, undefined, 600_000)).toBe(150_000);
  expect(of(1_200_000)).toBe(300_000);
  expect(of(1_200_004)).toBe(300_000);
});
