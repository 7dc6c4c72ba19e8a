import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Finding } from '@reprise/contracts';
import { afterAll, expect, test } from 'vitest';

import { Bench } from '../journal/fixtures.ts';
import { homePaths } from '../journal/home.ts';
import { wordsOf } from '../lib/findings/index.ts';
import { examineHome } from './doctor-home.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const verdicts = (findings: readonly Finding[]): readonly string[] =>
  findings.map((f) => `${f.code} ${f.verdict}`);
const aHome = async (): Promise<string> => {
  await using journal = await bench.installation();
  return journal.home;
};

test('a home as it should be; one that is not there, or has no installation, is told elsewhere', async () => {
  const home = await aHome();
  const { findings, seen } = examineHome(home);
  expect(verdicts(findings)).toEqual([
    'doctor.home pass',
    'doctor.home-writable pass',
    'doctor.signing-key pass',
  ]);
  expect(seen).toBe(true);
  expect(examineHome(join(home, 'none'))).toEqual({ findings: [], seen: true });
  expect(verdicts(examineHome(bench.folder()).findings)).toEqual([
    'doctor.home pass',
    'doctor.home-writable pass',
  ]);
});

test('a signing key that others can read, that is none, or that is gone', async () => {
  const home = await aHome();
  const { signingKey, keys } = homePaths(home);
  const found = (): Finding | undefined =>
    examineHome(home).findings.find((f) => f.code === 'doctor.signing-key');
  chmodSync(signingKey, 0o644);
  expect(found()).toMatchObject({ verdict: 'fail', params: { problem: 'unsafe', mode: '644' } });
  expect(wordsOf(found() as Finding, 'en').message).toContain(`chmod 600 ${signingKey}`);
  rmSync(signingKey);
  expect(found()).toMatchObject({ verdict: 'fail', params: { problem: 'absent' } });
  expect(wordsOf(found() as Finding, 'fr').message).toContain('absente');
  rmSync(keys, { recursive: true });
  expect(found()).toMatchObject({ verdict: 'fail', params: { problem: 'absent' } });
});

test('a home that another user closed is said to be closed, and nothing is judged in it', async () => {
  const home = await aHome();
  const isRoot = process.getuid?.() === 0;
  chmodSync(home, isRoot ? 0o700 : 0o000);
  if (isRoot) process.seteuid?.('nobody');
  try {
    const { findings, seen } = examineHome(home);
    expect(seen).toBe(false);
    expect(verdicts(findings)).toEqual(['doctor.home pass', 'doctor.home-writable fail']);
    expect(findings[1]).toMatchObject({ params: { why: 'EACCES', help: 'user' } });
    expect(wordsOf(findings[1] as Finding, 'fr').message).toContain('sudo');
    if (isRoot) process.seteuid?.(0);
    chmodSync(home, 0o755);
    chmodSync(homePaths(home).keys, isRoot ? 0o700 : 0o000);
    if (isRoot) process.seteuid?.('nobody');
    expect(examineHome(home)).toMatchObject({
      seen: false,
      findings: [{ verdict: 'fail' }, { verdict: 'fail', params: { path: homePaths(home).keys } }],
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(home, 0o700);
    chmodSync(homePaths(home).keys, 0o700);
  }
});
