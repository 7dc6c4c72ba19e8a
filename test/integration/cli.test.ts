import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import {
  BackupReport,
  BootstrapReport,
  CatalogueRebuildReport,
  DoctorReport,
  DueReport,
  ErrorReport,
  InitReport,
  JournalLine,
  JournalVerifyReport,
  KitCheckReport,
  KitReport,
  MaintainReport,
  PlanCheckReport,
  PlanExplainReport,
  PointsReport,
  RecoverReport,
  RecoverRunbookReport,
  RecoveryCheckReport,
  RecoveryEvidenceReport,
  RestoreReport,
  RestoreRunbookReport,
  ResumeReport,
  StatusReport,
  VerifyReport,
} from '@reprise/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';

import { makeCliWorld, type CliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(() => {
  world = makeCliWorld();
});
afterAll(() => world[Symbol.dispose]());

interface Line {
  readonly args: readonly string[];
  readonly schema: z.ZodType;
  readonly exit: number;
  readonly code?: string;
  readonly stdin?: () => string;
  readonly cwd?: string;
}
const line = (text: string, schema: z.ZodType, exit: number, more: Partial<Line> = {}): Line => ({
  args: text.split(' '),
  schema,
  exit,
  ...more,
});
const refused = (text: string, exit: number, code: string, more: Partial<Line> = {}): Line =>
  line(text, ErrorReport, exit, { code, ...more });
const key = { stdin: () => `${world.key}\n` };

/** Every command, in the order of a system's life; each prints one document that its contract accepts. */
const life: readonly Line[] = [
  refused('status', 2, 'plan.unreadable'),
  refused('plan check', 2, 'plan.unreadable'),
  refused('init', 2, 'init.needs-yes'),
  line('doctor', DoctorReport, 1),
  line('init --yes --repository {primary} --repository {copy}', InitReport, 0),
  line('init', InitReport, 0),
  line('plan check', PlanCheckReport, 1), // no copy off-site
  line('plan explain', PlanExplainReport, 0),
  line('status', StatusReport, 1),
  line('points', PointsReport, 0),
  line('due', DueReport, 1), // nothing was ever captured
  line('restore app', RestoreReport, 1), // no point yet
  refused('kit check', 2, 'cli.no-terminal'),
  refused('kit check', 2, 'keys.recovery-key-length', { stdin: () => 'AAAAA\n' }),
  line('kit check', KitCheckReport, 0, key),
  line('backup', BackupReport, 0),
  refused('backup nobody', 2, 'run.unknown-name'),
  line('due --run', DueReport, 0),
  line('verify app --level stored', VerifyReport, 0),
  line('points app', PointsReport, 0),
  refused('points nobody', 2, 'points.unknown-component'),
  line('kit', KitReport, 0),
  line('restore app --dry-run', RestoreRunbookReport, 4),
  line('restore app', RestoreReport, 4),
  line('restore app --to directory:{root}/there', RestoreReport, 0),
  refused('restore nobody', 2, 'recovery.unknown-component'),
  line('recover --dry-run --to directory:{root}/all', RecoverRunbookReport, 0),
  line('recover --to directory:{root}/all', RecoverReport, 0),
  line('report recovery', RecoveryEvidenceReport, 0),
  line('report recovery --check {record}', RecoveryCheckReport, 0),
  refused('report recovery --check {root}/shop/reprise.yaml', 2, 'report.not-a-record'),
  refused('report recovery --check {record} --write', 2, 'cli.usage'),
  refused('report recovery 00000000-0000-4000-8000-000000000000', 2, 'report.unknown-run'),
  line('resume', ResumeReport, 0),
  line('journal verify', JournalVerifyReport, 0),
  line('catalogue rebuild --from copy', CatalogueRebuildReport, 0),
  refused('catalogue rebuild --from nowhere', 2, 'catalogue.unknown-repository'),
  line('catalogue rebuild', CatalogueRebuildReport, 0),
  line('maintain --no-prune --read-data 1/1', MaintainReport, 0),
  line('status', StatusReport, 1), // nothing is off this machine
  line('doctor', DoctorReport, 0),
  line('bootstrap {copy} --list', BootstrapReport, 0, { ...key, cwd: 'elsewhere' }),
  line('bootstrap {copy}', BootstrapReport, 0, { ...key, cwd: 'elsewhere' }),
  line('report recovery --check {record}', RecoveryCheckReport, 0, { cwd: 'elsewhere' }),
  line('backup', BackupReport, 4), // superseded by the bootstrap
  refused('stauts', 2, 'cli.usage'),
  refused('status --nonsense', 2, 'cli.usage'),
  refused('restore', 2, 'cli.usage'),
  refused('plan', 2, 'cli.usage'),
  refused('points --since yesterday', 2, 'cli.usage'),
];

test('every command prints one document of its contract', { timeout: 400_000 }, async () => {
  const wrong: string[] = [];
  let record = '';
  for (const { args, schema, exit, code, stdin, cwd } of life) {
    const typed = args.map((a) =>
      a.replaceAll(/\{(\w+)\}/g, (_, k: 'root' | 'primary' | 'copy' | 'record') =>
        k === 'record' ? record : world[k],
      ),
    );
    const options = {
      ...(stdin === undefined ? {} : { stdin: stdin() }),
      ...(cwd === undefined ? {} : { cwd: world.folder(cwd) }),
    };
    const { ran, document } = await world.json(typed, options);
    if (typeof document['recovery_key'] === 'string') world.key = document['recovery_key'];
    record = (document['evidence'] as { json?: string } | null | undefined)?.json ?? record;
    const parsed = schema.safeParse(document);
    const found = (document as { error?: { code?: string } }).error?.code;
    const ok =
      parsed.success &&
      ran.code === exit &&
      document['exit'] === exit &&
      (code === undefined || found === code);
    if (!ok)
      wrong.push(
        `reprise ${typed.join(' ')}: exit ${ran.code} (${exit}), ${found ?? ''} ${parsed.success ? '' : parsed.error.message}\n${ran.stdout.slice(0, 3000)}\n${ran.stderr.slice(-500)}`,
      );
  }
  expect(wrong.join('\n\n')).toBe('');
});

test('journal show prints one entry a line, each of its contract', async () => {
  const { stdout, code } = await world.run(['journal', 'show', '--json']);
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const text of lines) JournalLine.parse(JSON.parse(text));
  expect(stdout).not.toContain(world.key);
});

test('plan schema prints a JSON Schema that the plan’s first line points to', async () => {
  const { stdout } = await world.run(['plan', 'schema']);
  const [first] = readFileSync(join(world.system, 'reprise.yaml'), 'utf8').split('\n');
  const path = /\$schema=(.+)$/.exec(first ?? '')?.[1] ?? '';
  expect(JSON.parse(readFileSync(join(world.system, path), 'utf8'))).toEqual(JSON.parse(stdout));
});

test('text in both languages, usage errors too', async () => {
  const english = await world.run(['points']);
  const french = await world.run(['points'], { env: { LC_ALL: 'fr_FR.UTF-8' } });
  expect(english.stdout).toContain('data as of');
  expect(french.stdout).toContain('données du');
  const wrong = await world.run(['points', '--what'], { env: { LANG: 'fr_CA.UTF-8' } });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('n’existe pas');
  const help = await world.run(['restore', '--help', '--language', 'fr']);
  expect(help.code).toBe(0);
  expect(help.stdout).not.toMatch(/default:|Usage:|Options:|choices:/);
});

test('a line of cron says nothing where nothing is due; asked with -v, and without --run, it speaks', async () => {
  expect(await world.run(['due', '--run'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect((await world.run(['due', '--run', '-v'])).stdout).toContain('Nothing is due.');
  expect((await world.run(['due'])).stdout).toContain('Nothing is due.');
});

test('a reader that goes away does not break the command', async () => {
  const ran = await world.run(['journal', 'show'], { meanwhile: (child) => child.stdout?.destroy() });
  expect(ran.stderr).not.toContain('EPIPE');
  expect(ran.code).toBe(0);
});

test('no stack without -v; nothing secret with it', async () => {
  const plain = await world.run(['status', '--plan', join(world.root, 'none.yaml')]);
  expect(plain.stderr).toContain('(plan.unreadable)');
  expect(plain.stderr).not.toMatch(/\n\s+at /);
  const verbose = await world.run(['status', '-v', '--plan', join(world.root, 'none.yaml')], {
    env: { DB_PASSWORD: 'canary-canary' },
  });
  expect(verbose.stderr).toMatch(/\n\s+at /);
  expect(verbose.stderr).not.toContain('canary-canary');
});

test('keys are readable by their owner alone, and git does not see them', () => {
  for (const file of ['signing.pem', 'repository-primary', 'repository-copy'])
    expect(statSync(join(world.system, '.reprise', 'keys', file)).mode & 0o077).toBe(0);
  expect(readFileSync(join(world.system, '.gitignore'), 'utf8')).toBe('.reprise/\n');
});

test('a repository in the folder that it protects is in no capture of it', { timeout: 120_000 }, async () => {
  using nested = makeCliWorld();
  const uploads = join(nested.system, 'uploads');
  const within = join(uploads, 'backup');
  Object.assign(nested, { primary: within });
  const made = await nested.json(['init', '--yes', '--repository', within]);
  nested.key = String(made.document['recovery_key']);
  const { document } = await nested.json(['plan', 'check']);
  const codes = (document['findings'] as { code: string; verdict: string; subject: string }[])
    .filter((f) => f.code === 'plan.encloses')
    .map((f) => [f.subject, f.verdict]);
  expect(codes).toEqual([['uploads', 'fail']]);
  await nested.run(['backup', 'uploads']);
  const { points } = (await nested.json(['points', 'uploads'])).document as { points: { bytes: number }[] };
  expect(points.map((p) => p.bytes)).toEqual([6]); // a.txt alone
  // What the repository shares the folder with comes back around it.
  rmSync(join(uploads, 'a.txt'));
  expect((await nested.run(['restore', 'uploads'])).code).toBe(0);
  expect(readFileSync(join(uploads, 'a.txt'), 'utf8')).toBe('hello\n');
});
