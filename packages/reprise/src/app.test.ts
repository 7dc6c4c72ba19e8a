import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { openApp, type App, type AppOptions } from './app.ts';
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
