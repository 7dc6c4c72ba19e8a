import { Readable } from 'node:stream';

import { expect, test } from 'vitest';

import { systemClock } from '../../lib/clock.ts';
import { failureOf } from '../failure.ts';
import type { Call, Ended, Restic } from '../restic.ts';
import { check } from './check.ts';

const signal = new AbortController().signal;

/** A restic that prints this and exits so. */
function restic(stdout: string, stderr = '', code = 0): Restic {
  const failing = { name: 'near', url: '/srv/near' };
  const failure = (e: Ended) => failureOf(failing, { exit: e.code, stderr: e.stderr });
  const fake = {
    deps: { ...failing, clock: systemClock },
    failure,
    check: (e: Ended) => {
      if (e.code !== 0) throw failure(e);
      return e;
    },
    start: async ({ heard }: Call) => {
      for (const line of stderr.split('\n')) heard?.(line);
      return { stdout: Readable.from([stdout]), done: Promise.resolve({ code, stderr }) };
    },
  };
  return fake as unknown as Restic;
}
const summary = (errors: number): string =>
  `{"message_type":"summary","num_errors":${errors},"broken_packs":null,"suggest_repair_index":false,"suggest_prune":false}\n`;
/** As restic 0.17 says it, `--json` or not. */
const text = 'load indexes\ncheck all packs\ncheck snapshots, trees and blobs\n';
const pass = [{ verdict: 'pass', code: 'repository.checked' }];

test('passes only with what a real check ends with: a summary without errors, or the words of restic 0.17', async () => {
  expect(await check(restic(summary(0)), signal)).toMatchObject(pass);
  expect(await check(restic(`${text}no errors were found\n`), signal)).toMatchObject(pass);
});

test.each([
  ['nothing', ''],
  ['how far it came', text],
  ['another message', '{"message_type":"status"}\n'],
  ['a summary cut short', summary(0).slice(0, 30)],
  ['a summary with errors', summary(2)],
])('a restic that exits 0 having printed %s has not found the repository whole', async (_, stdout) => {
  await expect(check(restic(stdout), signal)).rejects.toMatchObject({ code: 'repository.failed' });
});

test('damage is a finding, with the summary and whatever the exit', async () => {
  const line = `pack ${'a'.repeat(64)}: does not exist`;
  const missing = [{ verdict: 'fail', code: 'repository.pack-missing' }];
  expect(
    await check(restic(summary(1), `${line}\nFatal: repository contains errors`, 1), signal),
  ).toMatchObject(missing);
  expect(await check(restic('', line), signal)).toMatchObject(missing);
});
