import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { run } from '../tools/suites/run.ts';
import { report } from '../tools/suites/table.ts';
import { judge, readAllowed } from '../tools/suites/tally.ts';

const tally = (...skipped: { test: string; reason?: string }[]) => ({ passed: 2, failed: [], skipped });

describe('skips', () => {
  const allowed = readAllowed(
    '# why\n\nintegration › tmpfs › mounts | needs root\nfaults › slow * | weekly\n',
  );

  test('a listed one is counted as skipped', () => {
    const judged = judge(tally({ test: 'integration › tmpfs › mounts', reason: 'no root' }), allowed);
    expect(judged.failed).toEqual([]);
    expect(judged.skipped).toHaveLength(1);
  });

  test('a star stands for the rest of the name', () => {
    expect(judge(tally({ test: 'faults › slow and slower' }), allowed).failed).toEqual([]);
    expect(judge(tally({ test: 'faults › slower' }), allowed).failed).toHaveLength(1);
  });

  test('an unlisted one fails, even with a reason', () => {
    const judged = judge(tally({ test: 'integration › tmpfs › mounts twice', reason: 'no root' }), allowed);
    expect(judged.failed).toEqual([
      'integration › tmpfs › mounts twice: skipped (no root) and not listed in test/skips.txt',
    ]);
    expect(judged.skipped).toEqual([]);
  });

  test.each(['unit › x', 'unit › x | ', 'unit x | why'])(
    'a line that explains nothing is refused: %s',
    (line) => {
      expect(() => readAllowed(line)).toThrow('test/skips.txt:1');
    },
  );
});

test('the report ends with the sum, after what failed', () => {
  const lines = report([
    { name: 'lint', seconds: 1.23, passed: 1, failed: [], skipped: [] },
    { name: 'sabotage', seconds: 0, passed: 0, failed: ['no tests'], skipped: [], note: 'no tests' },
  ]).split('\n');
  expect(lines).toContain('lint               1.2        1        0        0');
  expect(lines).toContain('sabotage           0.0        0        1        0   no tests');
  expect(lines).toContain('  sabotage: no tests');
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
});

describe('a suite', () => {
  const here = { root: process.cwd(), output: 'ignore' as const };

  test('that is a command is judged by its exit code', async () => {
    expect(await run({ name: 'x', minutes: 1, command: ['true'] }, [], here)).toMatchObject({
      passed: 1,
      failed: [],
    });
    expect(await run({ name: 'x', minutes: 1, command: ['false'] }, [], here)).toMatchObject({
      passed: 0,
      failed: ['exit 1'],
    });
    const missing = await run({ name: 'x', minutes: 1, command: ['no-such-program'] }, [], here);
    expect(missing.failed[0]).toContain('ENOENT');
  });

  test('that hangs is ended with its children, and failed', async () => {
    const marker = `30.${process.pid}`;
    const command = ['sh', '-c', `sleep ${marker} & sleep ${marker}`];
    const outcome = await run({ name: 'x', minutes: 0.005, command }, [], here);
    expect(outcome.failed).toEqual(['ended after 0.005 min']);
    expect(commandLines().filter((line) => line.startsWith(`sleep\0${marker}`))).toEqual([]);
  });

  test('that leaves a process running is failed, and the process ended', async () => {
    const marker = `31.${process.pid}`;
    const command = ['sh', '-c', `sleep ${marker} &`];
    const outcome = await run({ name: 'x', minutes: 1, command }, [], { ...here, patience: 200 });
    expect(outcome.failed).toEqual([expect.stringMatching(/^left running: sleep \(\d+\)$/)]);
    await expect.poll(() => commandLines().filter((line) => line.startsWith(`sleep\0${marker}`))).toEqual([]);
  });

  test('without a file is failed: nothing was proven', async () => {
    const outcome = await run({ name: 'x', minutes: 1, files: ['test/missing/**/*.test.ts'] }, [], here);
    expect(outcome).toMatchObject({ passed: 0, failed: ['no tests'], note: 'no tests' });
  });

  test('of tests is counted test by test, files that do not load included', async () => {
    const root = mkdtempSync(join(tmpdir(), 'rp-suites-'));
    try {
      symlinkSync(join(here.root, 'node_modules'), join(root, 'node_modules'));
      const reporter = JSON.stringify(join(here.root, 'tools/closing-reporter.ts'));
      const project = `{ test: { name: 'probe', include: ['*.test.ts'] } }`;
      const write = (file: string, text: string): void => writeFileSync(join(root, file), text);
      write('package.json', '{ "type": "module" }');
      write(
        'vitest.config.ts',
        `export default { test: { reporters: [${reporter}], projects: [${project}] } };`,
      );
      write('broken.test.ts', `throw new Error('does not load');`);
      write(
        'a.test.ts',
        `import { expect, test } from 'vitest';
         test('passes', () => {});
         test('fails', () => { expect(1).toBe(2); });
         test.skip('unlisted', () => {});
         test('listed', (ctx) => ctx.skip('no such device here'));`,
      );
      const suite = { name: 'probe', minutes: 1, files: ['*.test.ts'] };
      const outcome = await run(suite, [{ test: 'probe › listed', why: 'needs a device' }], {
        ...here,
        root,
      });
      expect(outcome.passed).toBe(1);
      expect([...outcome.failed].toSorted()).toEqual([
        'a.test.ts › fails',
        'broken.test.ts: the file itself',
        'probe › unlisted: skipped (no reason given) and not listed in test/skips.txt',
      ]);
      expect(outcome.skipped).toEqual([{ test: 'probe › listed', reason: 'no such device here' }]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

/** Of every process there is; those that end while we look are left out. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        return [];
      }
    });
