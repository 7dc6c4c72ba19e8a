import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BackupPreviewReport, MaintainPreviewReport } from '@reprise/contracts';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildProgram } from '../../packages/reprise/src/cli/program.ts';
import { makeBackedUpWorld, type CliWorld } from './cli-world.ts';

/**
 * What each flag changes, seen from outside. A flag without an entry here fails, and so does an entry without a flag: an
 * option that is accepted and ignored is a defect.
 */
type Seen = (w: CliWorld) => Promise<void>;
const error = (document: Record<string, unknown>): string =>
  (document['error'] as { code?: string } | undefined)?.code ?? '';
const typed = (w: CliWorld) => ({ stdin: `${w.key}\n` });
const keyFile = (w: CliWorld): string => {
  const path = join(w.root, 'key');
  writeFileSync(path, `${w.key}\n`, { mode: 0o600 });
  return path;
};

const flags: Readonly<Record<string, Seen>> = {
  '--plan': async (w) => {
    const { document } = await w.json(['plan', 'explain', '--plan', join(w.system, 'reprise.yaml')], {
      cwd: w.root,
    });
    expect((document['plan'] as { system: string }).system).toBe('shop');
    const { document: by } = await w.json(['plan', 'explain'], {
      cwd: w.root,
      env: { REPRISE_PLAN: join(w.system, 'reprise.yaml') },
    });
    expect(by['exit']).toBe(0);
  },
  '--home': async (w) => {
    expect(error((await w.json(['points', '--home', w.folder('no-home')])).document)).toBe('journal.absent');
    const env = { REPRISE_HOME: w.folder('no-home') };
    expect(error((await w.json(['points'], { env })).document)).toBe('journal.absent');
  },
  '--json': async (w) => expect((await w.run(['points', '--json'])).stdout).toMatch(/^\{/),
  '--verbose': async (w) =>
    expect((await w.run(['points', 'nobody', '--verbose'])).stderr).toMatch(/\n\s+at /),
  '--language': async (w) =>
    expect((await w.run(['points', '--language', 'fr'])).stdout).toContain('données du'),
  '--version': async (w) => expect((await w.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/),

  'init --yes': async (w) => {
    const cwd = w.folder('init-yes');
    writeFileSync(join(w.folder('init-yes/docs'), 'a'), 'a');
    expect(error((await w.json(['init'], { cwd })).document)).toBe('init.needs-yes');
    expect(existsSync(join(cwd, 'reprise.yaml'))).toBe(false);
  },
  'init --root': async (w) => {
    const cwd = w.folder('init-root');
    expect(error((await w.json(['init'], { cwd })).document)).toBe('init.nothing-found');
    expect(error((await w.json(['init', '--root', w.system], { cwd })).document)).toBe('init.needs-yes');
  },
  'init --repository': async (w) => {
    expect(readFileSync(join(w.system, 'reprise.yaml'), 'utf8')).toContain(`url: ${w.copy}`);
  },
  'init --new-recovery-key': async (w) => {
    const { document } = await w.json(['init', '--new-recovery-key']);
    expect(document['recovery_key']).not.toBe(w.key);
    const old = await w.json(['kit', 'check'], typed(w));
    expect(old.ran.code).toBe(1);
    w.key = String(document['recovery_key']);
    // The former one opens the repositories still, until the maintainer has taken it out.
    const both = await w.json(['kit', 'check'], typed(w));
    const codes = (both.document['findings'] as { code: string }[]).map((f) => f.code);
    expect([both.ran.code, codes]).toEqual([1, ['kit.superseded-key', 'kit.superseded-key']]);
    expect((await w.json(['maintain', '--no-prune'])).ran.code).toBe(0);
    expect((await w.json(['kit', 'check'], typed(w))).ran.code).toBe(0);
    expect((await w.json(['points'])).document['points']).toHaveLength(2); // what was recorded before is still known
    expect(error((await w.json(['init', '--new-recovery-key'])).document)).toBe('init.key-in-use');
  },
  'init --recovery-key-file': async (w) => {
    const plan = join(w.system, 'reprise.yaml');
    const before = readFileSync(plan, 'utf8');
    writeFileSync(
      plan,
      before.replace('repositories:\n', `repositories:\n  third: {url: ${w.root}/third}\n`),
    );
    expect(error((await w.json(['init'])).document)).toBe('cli.no-terminal');
    const { document } = await w.json(['init', '--recovery-key-file', keyFile(w)]);
    expect(document['exit']).toBe(0);
    expect((document['repositories'] as unknown[]).length).toBe(3);
    writeFileSync(plan, before);
  },
  'backup --protection': async (w) => {
    const { document } = await w.json(['backup', 'app', '--protection', 'nothing']);
    expect(error(document)).toBe('run.unknown-protection');
    expect((await w.json(['backup', 'app', '--protection', 'regular'])).ran.code).toBe(0);
  },
  'backup --dry-run': async (w) => {
    const before = (await w.json(['points'])).document['points'];
    const { ran, document } = await w.json(['backup', '--dry-run']);
    expect(ran.code).toBe(0);
    const { units } = BackupPreviewReport.parse(document);
    expect(units.map((u) => u.unit).toSorted()).toEqual(['app', 'uploads']);
    for (const u of units) expect([u.bytes, u.predicted?.basis]).toEqual([expect.any(Number), 'measured']);
    expect((await w.json(['points'])).document['points']).toEqual(before);
  },
  'backup --fork': async (w) => {
    expect((await w.json(['backup', 'app'])).ran.code).toBe(4); // the bootstrap below took over
    expect((await w.json(['backup', 'app', '--fork'])).ran.code).toBe(0);
  },
  'due --run': async (w) => {
    expect((await w.json(['due', '--run'])).document['runs']).toEqual(expect.any(Array));
  },
  'maintain --repository': async (w) => {
    const { document } = await w.json(['maintain', '--repository', 'copy']);
    expect(
      (document['repositories'] as { repository: string; pruned: boolean }[]).map((r) => r.repository),
    ).toEqual(['copy']);
    expect((document['repositories'] as { pruned: boolean }[])[0]?.pruned).toBe(true);
  },
  'maintain --read-data': async (w) => {
    const { document } = await w.json([
      'maintain',
      '--repository',
      'copy',
      '--read-data',
      '1/2',
      '--no-prune',
    ]);
    expect((document['repositories'] as { read: string }[])[0]?.read).toBe('1/2');
    expect((document['repositories'] as { pruned: boolean }[])[0]?.pruned).toBe(false);
  },
  'maintain --no-prune': async (w) => {
    const pruned = async (...more: string[]): Promise<unknown> => {
      const { document } = await w.json(['maintain', '--repository', 'copy', '--read-data', '1/2', ...more]);
      return (document['repositories'] as { pruned: boolean }[])[0]?.pruned;
    };
    expect(await pruned('--no-prune')).toBe(false);
    expect(await pruned()).toBe(true);
  },
  'maintain --dry-run': async (w) => {
    const { ran, document } = await w.json(['maintain', '--repository', 'copy', '--dry-run']);
    const [copy] = MaintainPreviewReport.parse(document).repositories;
    expect(ran.code).toBe(0);
    expect(copy?.kept.map((k) => k.reasons)).toContainEqual(expect.arrayContaining(['newest-good']));
    expect((await w.run(['maintain', '--dry-run', '--repository', 'copy'])).stdout).toContain('newest good');
  },
  'maintain --join': async (w) => {
    const cwd = w.folder('maintainer');
    const args = ['maintain', '--join', w.copy, '--repository', 'copy', '--no-prune'];
    const { ran } = await w.json([...args, '--recovery-key-file', keyFile(w)], { cwd });
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    const created = await w.run(['journal', 'show', '--json', '--type', 'installation.created'], { cwd });
    expect(created.stdout).toContain('"role":"maintainer"');
  },
  'maintain --recovery-key-file': async (w) => {
    // The right one is seen above: nothing is typed there.
    const other = join(w.root, 'other-key');
    writeFileSync(other, 'SVCSK-JF78K-J0SGS-PW6FC-YED3K-E41B3-GY5GN-CBQ5A\n', { mode: 0o600 });
    const args = ['maintain', '--join', w.copy, '--repository', 'copy', '--recovery-key-file', other];
    expect(error((await w.json(args, { cwd: w.folder('maintainer-2') })).document)).toBe(
      'repository.wrong-password',
    );
  },
  'points --since': async (w) => {
    expect((await w.json(['points', '--since', '2100-01-01T00:00:00Z'])).document['points']).toEqual([]);
  },
  'verify --level': async (w) => {
    const { document } = await w.json(['verify', 'app', '--level', 'stored']);
    expect((document['points'] as { level: string }[])[0]?.level).toBe('stored');
  },
  'verify --read-data': async (w) => {
    const { document } = await w.json(['verify', 'app', '--level', 'stored', '--read-data', '1/3']);
    const steps = (document['run'] as { steps: { step: string }[] }).steps.map((s) => s.step);
    expect(steps).toContain('packs:primary');
  },
  'restore --point': async (w) => {
    const { document } = await w.json([
      'restore',
      'app',
      '--dry-run',
      '--point',
      'app@20000101T000000Z-00000000',
    ]);
    expect(error(document)).toBe('recovery.unknown-point');
  },
  'restore --until': async (w) => {
    const { document } = await w.json(['restore', 'app', '--dry-run', '--until', '2000-01-01T00:00:00Z']);
    expect(error(document)).toBe('recovery.no-point');
  },
  'restore --to': async (w) => {
    const { document } = await w.json(['restore', 'app', '--dry-run', '--to', `directory:${w.root}/to`]);
    expect((document['runbook'] as { place: string }).place).toBe(`directory:${w.root}/to`);
    expect(error((await w.json(['restore', 'app', '--to', 'moon'])).document)).toBe('place.unknown');
  },
  'restore --replace': async (w) => {
    expect((await w.json(['restore', 'uploads'])).ran.code).toBe(4);
    const { document, ran } = await w.json(['restore', 'uploads', '--replace', 'uploads']);
    expect(ran.code, ran.stderr).toBe(0);
    const [component] = (document['record'] as { components: { consent: { how: string } }[] }).components;
    expect(component?.consent.how).toBe('flag');
  },
  'restore --lost-at': async (w) => {
    const { document } = await w.json(['restore', 'app', '--dry-run', '--lost-at', '2000-01-01T00:00:00Z']);
    expect(error(document)).toBe('recovery.no-point'); // a point later than the loss holds the loss
  },
  'restore --dry-run': async (w) => {
    expect((await w.json(['restore', 'app', '--dry-run'])).document['runbook']).toBeDefined();
  },
  'recover --scenario': async (w) => {
    expect(error((await w.json(['recover', '--scenario', 'flood'])).document)).toBe(
      'recovery.unknown-scenario',
    );
  },
  'recover --until': async (w) => {
    const { document } = await w.json(['recover', '--dry-run', '--until', '2000-01-01T00:00:00Z']);
    expect(error(document)).toBe('recovery.no-point');
  },
  'recover --to': async (w) => {
    const { document } = await w.json(['recover', '--dry-run', '--to', `directory:${w.root}/to`]);
    expect((document['runbook'] as { place: string }).place).toBe(`directory:${w.root}/to`);
  },
  'recover --replace': async (w) => {
    const { document } = await w.json(['recover', '--dry-run', '--replace', 'app', '--replace', 'uploads']);
    const steps = (document['runbook'] as { steps: { restore: { would: string } | null }[] }).steps;
    expect(steps.flatMap((s) => s.restore?.would ?? [])).toEqual(['put-aside', 'put-aside']);
  },
  'recover --lost-at': async (w) => {
    const { document } = await w.json(['recover', '--dry-run', '--lost-at', '2000-01-01T00:00:00Z']);
    expect(error(document)).toBe('recovery.no-point');
  },
  'recover --done': async (w) => {
    const plan = join(w.system, 'reprise.yaml');
    const before = readFileSync(plan, 'utf8');
    writeFileSync(plan, `${before}\nscenarios: {fire: {title: Fire, steps: [{manual: Call the firemen}]}}\n`);
    const args = ['recover', '--scenario', 'fire', '--to', `directory:${w.root}/fire`];
    expect((await w.json(args)).ran.code).toBe(4);
    expect((await w.json([...args, '--done', 'decision:1'])).ran.code).toBe(0);
    writeFileSync(plan, before);
  },
  'recover --dry-run': async (w) => {
    expect((await w.json(['recover', '--dry-run'])).document['runbook']).toBeDefined();
  },
  'resume --abandon': async (w) => {
    expect((await w.json(['resume', '--abandon'])).document['continued']).toEqual([]);
  },
  'journal show --run': async (w) => {
    const { stdout } = await w.run(['journal', 'show', '--json', '--type', 'run.started']);
    const { run } = JSON.parse(stdout.split('\n')[0] ?? '') as { run: string };
    const of = await w.run(['journal', 'show', '--json', '--run', run]);
    for (const text of of.stdout.trim().split('\n')) expect(JSON.parse(text)).toMatchObject({ run });
    for (const none of ['nope', '00000000-0000-4000-8000-000000000000']) {
      const { ran, document } = await w.json(['journal', 'show', '--run', none]);
      expect([ran.code, document['error']]).toMatchObject([2, { code: 'journal.unknown-run' }]);
    }
  },
  'journal show --type': async (w) => {
    const { stdout } = await w.run(['journal', 'show', '--json', '--type', 'epoch.opened']);
    for (const text of stdout.trim().split('\n')) expect(text).toContain('"type":"epoch.opened"');
  },
  'journal show --after': async (w) => {
    const { stdout } = await w.run(['journal', 'show', '--json', '--after', '5']);
    expect((JSON.parse(stdout.split('\n')[0] ?? '') as { seq: number }).seq).toBe(6);
  },
  'journal verify --local': async (w) => {
    const codes = async (args: string[]): Promise<unknown> =>
      ((await w.json(args)).document['findings'] as { code: string; params: object }[]).find(
        (f) => f.code === 'journal.anchored',
      )?.params;
    expect(await codes(['journal', 'verify', '--local'])).not.toEqual(await codes(['journal', 'verify']));
  },
  'report recovery --write': async (w) => {
    await w.json(['recover', '--to', `directory:${w.root}/report`]);
    expect((await w.json(['report', 'recovery'])).document['evidence']).toBeNull();
    expect((await w.json(['report', 'recovery', '--write'])).document['evidence']).toEqual({
      markdown: expect.any(String),
      json: expect.any(String),
    });
  },
  'report recovery --check': async (w) => {
    const args = ['recover', '--to', `directory:${w.root}/checked`];
    const { json } = (await w.json(args)).document['evidence'] as { json: string };
    const head = async (): Promise<unknown> =>
      (await w.json(['journal', 'verify', '--local'])).document['head'];
    const before = await head();
    const env = { PATH: w.folder('no-restic') }; // nobody needs restic for it
    const held = await w.json(['report', 'recovery', '--check', json], { env });
    expect([held.ran.code, held.document['exit']]).toEqual([0, 0]);
    const lie = join(w.root, 'lie.json');
    writeFileSync(lie, readFileSync(json, 'utf8').replace('"state": "finished"', '"state": "failed"'));
    const told = await w.run(['report', 'recovery', '--check', lie, '--language', 'fr']);
    expect(told.code).toBe(1);
    expect(told.stdout).toContain('La signature n’est pas valable');
    expect(told.stdout).toContain('ce qui diffère : state. → reprise report recovery');
    const { document } = await w.json(['report', 'recovery', '--check', w.root]);
    expect([document['exit'], error(document)]).toEqual([2, 'report.not-a-record']);
    const both = await w.json(['report', 'recovery', String(held.document['run']), '--check', json]);
    expect([both.ran.code, error(both.document)]).toEqual([2, 'cli.usage']);
    expect(await head()).toEqual(before);
  },
  'catalogue rebuild --from': async (w) => {
    const { document } = await w.json(['catalogue', 'rebuild', '--from', 'copy']);
    expect((document['repositories'] as { repository: string }[]).map((r) => r.repository)).toEqual(['copy']);
  },
  'kit check --recovery-key-file': async (w) => {
    expect((await w.json(['kit', 'check', '--recovery-key-file', keyFile(w)])).ran.code).toBe(0);
  },
  'bootstrap --before': async (w) => {
    const args = ['bootstrap', w.copy, '--list', '--before', '2000-01-01T00:00:00Z'];
    expect((await w.json(args, { cwd: w.folder('before'), ...typed(w) })).document['candidates']).toEqual([]);
  },
  'bootstrap --state': async (w) => {
    const args = ['bootstrap', w.copy, '--state', 'ffffffff'];
    const { document } = await w.json(args, { cwd: w.folder('state'), ...typed(w) });
    expect(error(document)).toBe('bootstrap.no-state');
  },
  'bootstrap --list': async (w) => {
    const cwd = w.folder('list');
    const { document } = await w.json(['bootstrap', w.copy, '--list'], { cwd, ...typed(w) });
    expect((document['candidates'] as unknown[]).length).toBeGreaterThan(0);
    expect(existsSync(join(cwd, 'reprise.yaml'))).toBe(false);
  },
  'bootstrap --lost-at': async (w) => {
    const cwd = w.folder('lost');
    await w.json(['bootstrap', w.copy, '--lost-at', '2026-01-01T00:00:00Z'], { cwd, ...typed(w) });
    const { stdout } = await w.run(['journal', 'show', '--json', '--type', 'incident.opened'], { cwd });
    expect(stdout).toContain('2026-01-01T00:00:00.000Z');
  },
  'bootstrap --recovery-key-file': async (w) => {
    const args = ['bootstrap', w.copy, '--list', '--recovery-key-file'];
    expect((await w.json([...args, keyFile(w)], { cwd: w.folder('file') })).ran.code).toBe(0);
    const open = join(w.root, 'open-key');
    writeFileSync(open, w.key, { mode: 0o644 });
    expect(error((await w.json([...args, open], { cwd: w.folder('file') })).document)).toBe('cli.key-file');
  },
};
/** A state that another flag's test changes: in this order, the rest as they stand. */
const last = ['bootstrap --lost-at', 'backup --fork'];
const first = ['init --new-recovery-key'];

const program = buildProgram({
  language: 'en',
  io: { stdout: process.stdout, stderr: process.stderr },
  run: async () => {},
});
function* flagsOf(command: Command, path: readonly string[]): Generator<string> {
  for (const { long } of command.options) yield [...path, long].join(' ');
  for (const below of command.commands) yield* flagsOf(below, [...path, below.name()]);
}

let world: CliWorld;
beforeAll(async () => {
  world = await makeBackedUpWorld();
}, 120_000);
afterAll(() => world[Symbol.dispose]());

test('every flag has an entry here, and every entry is a flag', () => {
  expect(Object.keys(flags).toSorted()).toEqual([...flagsOf(program, [])].toSorted());
});

const middle = Object.keys(flags).filter((f) => !last.includes(f) && !first.includes(f));
test.for([...first, ...middle, ...last])('%s changes what is seen', { timeout: 120_000 }, async (flag) => {
  await flags[flag]?.(world);
});
