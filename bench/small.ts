import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { createInstallation } from '../packages/reprise/src/journal/installation.ts';
import type { Journal } from '../packages/reprise/src/journal/journal.ts';
import { openJournal } from '../packages/reprise/src/journal/store.ts';
import { systemClock } from '../packages/reprise/src/lib/clock.ts';
import { newRecoveryKey, rootOf } from '../packages/reprise/src/lib/recovery-key.ts';
import { measure, median, seconds, table } from './measure.ts';

const checkout = resolve(import.meta.dirname, '..');
const path = `${join(checkout, '.cache/tools/bin')}:${process.env['PATH'] ?? ''}`;
const none = { run: null, step: null };

export interface Counts {
  readonly components: number;
  readonly points: number;
  readonly entries: number;
  readonly rounds: number;
}

/** Start-up, the first screen of a large system, a long journal proven; each as sources and as the built package. */
export async function small(counts: Counts, say: (line: string) => void): Promise<void> {
  const bundle = join(checkout, 'packages/reprise/dist/bin.js');
  await measure([join(checkout, 'node_modules/.bin/rolldown'), '-c', 'rolldown.config.ts'], {
    cwd: checkout,
  });
  const programs = { built: bundle, sources: join(checkout, 'packages/reprise/src/bin.ts') };
  // Thousands of entries are written one by one, each synced: in memory where there is some.
  const dir = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'reprise-bench-'));
  try {
    const large = join(dir, 'large');
    const long = join(dir, 'long');
    await manyPoints(large, counts);
    await manyEntries(long, counts.entries);
    say(
      `data: ${counts.points} points of ${counts.components} components; ${counts.entries} journal entries`,
    );
    // As after any command that acts: the plan is remembered, by the built package (a checkout remembers none).
    await measure([process.execPath, bundle, 'resume', '--json'], { cwd: large, env: { PATH: path } });
    const rows: string[][] = [];
    const add = async (
      what: string,
      target: string,
      args: readonly string[],
      cwd: string,
      expect: number[],
    ) => {
      const times = { built: [] as number[], sources: [] as number[] };
      for (let i = 0; i < counts.rounds; i += 1)
        for (const way of ['built', 'sources'] as const) {
          const argv = [process.execPath, programs[way], ...args];
          times[way].push((await measure(argv, { cwd, env: { PATH: path }, expect })).ms);
        }
      rows.push([what, seconds(median(times.built)), seconds(median(times.sources)), target]);
    };
    const bare: number[] = [];
    for (let i = 0; i < counts.rounds; i += 1) bare.push((await measure([process.execPath, '-e', '0'])).ms);
    rows.push(['node alone', seconds(median(bare)), seconds(median(bare)), '']);
    await add('reprise --help', '0.15 s', ['--help'], dir, [0]);
    await add(`reprise status, ${counts.points} points`, '0.30 s', ['status', '--json'], large, [0, 1, 3]);
    await add(
      `reprise journal verify, ${counts.entries} entries`,
      '2.00 s',
      ['journal', 'verify', '--json'],
      long,
      [0, 3],
    );
    say(`\n${table([['medians, whole process', 'built', 'sources', 'wanted'], ...rows])}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function installation(folder: string, components: number): Promise<Journal> {
  const home = join(folder, '.reprise');
  await mkdir(folder, { recursive: true });
  const names = Array.from({ length: components }, (_, n) => `c${n}`);
  await writeFile(
    join(folder, 'reprise.yaml'),
    `version: 1
system: bench
tiers: {gold: {rpo: 25h, rto: 4h}}
repositories: {primary: {url: ${join(folder, 'r')}}}
protections: {nightly: {schedule: "0 2 * * *", repositories: [primary]}}
components:
${names.map((n) => `  ${n}: {kind: files, tier: gold, captures: [nightly], path: ${join(folder, 'live', n)}}`).join('\n')}
`,
  );
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 'bench', role: 'writer', version: '0', root });
  return await openJournal({ home, clock: systemClock, mode: 'write' });
}

const snapshotOf = (n: number): string => n.toString(16).padStart(64, '0');

async function manyPoints(folder: string, { components, points }: Counts): Promise<void> {
  await using journal = await installation(folder, components);
  const hash = 'a'.repeat(64);
  for (let n = 0; n < points; n += 1) {
    const at = new Date(Date.now() - (points - n) * 60_000).toISOString();
    journal.append(
      'point.captured',
      {
        component: `c${n % components}`,
        kind: 'files',
        method: 'tree',
        repository: 'primary',
        parts: [{ name: 'tree', form: 'tree', snapshot: snapshotOf(n), bytes: 1000, files: 10 }],
        as_of: { from: at, to: at, clock: 'host', offset_ms: 0 },
        plan: hash,
        tools: { restic: '0.18.0' },
        server: null,
        inventory: {
          v: 1,
          items: Array.from({ length: 10 }, (_, i) => ({
            name: `f${i}`,
            type: 'file',
            values: { bytes: 100, mode: 420 },
          })),
        },
        level: 'stored',
        findings: [],
        group: null,
        keep: { protection: 'nightly' },
        capture_ms: 1000,
      },
      none,
    );
  }
  const state = 'f'.repeat(64);
  journal.append('state.stored', { repository: 'primary', head: journal.head(), snapshot: state }, none);
  journal.recordView('primary', [...Array.from({ length: points }, (_, n) => snapshotOf(n)), state]);
}

async function manyEntries(folder: string, entries: number): Promise<void> {
  await using journal = await installation(folder, 1);
  for (let n = 0; n < entries; n += 1)
    journal.append('kit.checked', { repository: 'primary', ok: true }, none);
}
