import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { serverBins } from '../testbed/postgres.ts';
import { must, run } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { filesWith, recordingPrograms, sampled, type Sighting } from './canaries.ts';
import { programOf } from './programs.ts';

const bin = join(import.meta.dirname, '../../packages/reprise/src/bin.ts');
const passwords = {
  primary: 'kanari-primary-91ab "quoted" $(x)',
  copy: 'kanari-copy-52cd \\ back`tick`',
  third: 'kanari-third-77ef',
  backend: 'kanari-backend-13fe',
  postgres: `kanari-postgres-64dc:\\ 'q' "d" %41 é`,
  service: 'kanari-service-85ba',
  dotenv: 'kanari-dotenv-29ce',
} as const;
/** What is looked for: without the characters that a tool may write in another way. */
const canaries: Record<string, string> = Object.fromEntries(
  Object.entries(passwords).map(([name, value]) => [name, /^kanari-\w+-\w+/.exec(value)?.[0] ?? value]),
);
const env = {
  KANARI_PRIMARY: passwords.primary,
  KANARI_BACKEND: passwords.backend,
  KANARI_SERVICE: passwords.service,
};

let world: World;
let recorder: ReturnType<typeof recordingPrograms>;
let recoveryKey = '';
const repositories = ['primary', 'copy', 'third'] as const;

/** Secrets by environment, by file and by command; in every place where the plan takes one. */
function withSecrets(text: string, dir: string, pgBin: string): string {
  const file = (name: string): string => join(dir, 'given', name);
  const as = (password: string, more = ''): string =>
    `writer: {password: ${password}${more}}, maintainer: {password: ${password}${more}}`;
  const backend = ', env: {AWS_SECRET_ACCESS_KEY: {env: KANARI_BACKEND}}';
  const repositoriesText = `repositories:
  primary: {url: ${dir}/primary, ${as('{env: KANARI_PRIMARY}', backend)}, retention: {last: 2}}
  copy: {url: ${dir}/copy, role: copy, off_site: true, ${as(`{command: [cat, ${file('copy')}]}`)}}
  third: {url: ${dir}/third, role: copy, ${as(`{file: ${file('third')}}`)}}
`;
  return text
    .replace(/repositories:\n {2}primary: .*\n {2}copy: .*\n/, repositoriesText)
    .replace('repositories: [primary, copy]', 'repositories: [primary, copy, third]')
    .replace(/(connection: \{.*user: postgres)\}/, `$1, password: {file: ${file('postgres')}}}`)
    .replace(`    bin: ${pgBin}\n`, `    bin: ${join(dir, 'wrap')}\n`)
    .replace(/(start "\$APP_PORT" "\$APP_PID"'\])/, '$1, secrets: {APP_TOKEN: {env: KANARI_SERVICE}}');
}

beforeAll(async () => {
  const pgBin = (await serverBins())[0]?.bin ?? '';
  const path = process.env['PATH'] ?? '';
  let dir = '';
  world = await makeWorld({
    init: false,
    env: { ...env, PATH: path },
    plan: (text) => {
      dir = /url: (\S+)\/primary/.exec(text)?.[1] ?? '';
      return withSecrets(text, dir, pgBin);
    },
  });
  const real = (name: string): [string, string] => [name, join(pgBin, name)];
  recorder = recordingPrograms(join(dir, 'wrap'), {
    restic: programOf('restic', path),
    ...Object.fromEntries(readdirSync(pgBin).map(real)),
  });
  await mkdir(join(dir, 'given'), { mode: 0o700 });
  for (const name of ['copy', 'third', 'postgres'] as const)
    await writeFile(join(dir, 'given', name), `${passwords[name]}\n`, { mode: 0o600 });
  await writeFile(world.live('config/.env'), `DB_PASSWORD=${passwords.dotenv}\n`, { mode: 0o600 });
  await world.psql(`alter role postgres password $pw$${passwords.postgres}$pw$`, 'postgres');
  const hba = world.live('pg/data/pg_hba.conf');
  const rules = 'local all all scram-sha-256\nhost all all 127.0.0.1/32 trust\n';
  await writeFile(hba, rules);
  const port = readFileSync(world.planFile, 'utf8').match(/PGPORT: \{port: (\d+)\}/)?.[1] ?? '';
  const reload = [
    'psql',
    '-XAtqh',
    '127.0.0.1',
    '-p',
    port,
    '-U',
    'postgres',
    '-c',
    'select pg_reload_conf()',
  ];
  await must(['sh', '-c', `kill -HUP "$(head -1 ${world.live('pg/data/postmaster.pid')})"; sleep 0.3`]);
  expect((await must(reload)).trim(), 'the server asks for a password over its socket alone').toBe('t');
  await expect(world.psql('select 1')).rejects.toThrow(/no password supplied/);

  expect((await world.run(['plan', 'check'])).json.problems ?? []).toEqual([]);
  recoveryKey = (await world.ok(['init', '--yes'], wrapped())).json.recovery_key;
  canaries['recovery key'] = recoveryKey;
  canaries['recovery key, as restic gets it'] = recoveryKey.replaceAll('-', '');
});
afterAll(async () => await world[Symbol.asyncDispose]());

const wrapped = () => ({ path: [join(world.dir, 'wrap')] });

/** Everything that is typed here is kept, and searched at the end. */
const printed: string[] = [];
async function reprise(args: readonly string[], change: Record<string, string> = {}): Promise<number | null> {
  const json = await world.run(args, { ...wrapped(), env: change });
  printed.push(json.stdout, json.stderr);
  return json.code;
}
/** The same as a person sees it, with all that `-v` adds. */
async function spoken(args: readonly string[], change: Record<string, string> = {}): Promise<number | null> {
  const all = { ...world.env, ...change, PATH: `${join(world.dir, 'wrap')}:${world.env['PATH']}` };
  const options = ['--plan', world.planFile, '--home', world.home, '-v'];
  const { code, stdout, stderr } = await run([process.execPath, bin, ...options, ...args], { env: all });
  printed.push(stdout, stderr);
  return code;
}

/** Exactly the process that needs it, and Reprise, which its caller gave it to. */
function allowed({ canary, where, variable, command }: Sighting): boolean {
  if (where !== 'environ') return false;
  if (variable?.startsWith('KANARI_')) return command.includes('bin.ts');
  // `env -i` is how restic starts a producer: it clears what it inherits before anything else runs.
  if (canary === 'backend' && variable === 'AWS_SECRET_ACCESS_KEY')
    return /\/restic( |$)/.test(command) || /\/env -i /.test(command);
  return canary === 'service' && variable === 'APP_TOKEN' && command.includes('app.mjs');
}

async function nothingLeft(label: string): Promise<void> {
  const folders = [world.home, join(world.dir, 'scratch'), join(world.dir, 'rebuilt')];
  const beside = [
    ...repositories.map((r) => join(world.dir, r)),
    `/var/tmp/reprise-${process.getuid?.() ?? 0}`,
  ];
  expect(await filesWith(canaries, [...folders, ...beside]), `${label}: in files`).toEqual([]);
  expect(await filesWith(canaries, [world.planFile]), `${label}: in the plan`).toEqual([]);
  const text = printed.join('\n');
  for (const [name, value] of Object.entries(canaries))
    expect(text.includes(value), `${label}: ${name} was printed`).toBe(false);
}

test('while a backup and a recovery run, a secret is seen in no process but the one that needs it', async () => {
  const { sightings, looks } = await sampled(canaries, async () => {
    expect(await reprise(['backup'])).toBe(0);
    expect(await reprise(['maintain'])).toBe(0);
    await world.destroy();
    expect(await reprise(['recover'])).toBe(0);
  });
  const all = [...sightings, ...recorder.sightings(canaries)];
  console.log(
    `${looks} looks; seen where they belong: ${new Set(all.map((s) => `${s.canary} (${s.variable})`)).size}`,
  );
  expect(all.filter((s) => !allowed(s))).toEqual([]);
  // The eye is open: what must be there was seen.
  for (const variable of ['KANARI_PRIMARY', 'AWS_SECRET_ACCESS_KEY', 'APP_TOKEN'])
    expect(all.map((s) => s.variable)).toContain(variable);
  expect(looks).toBeGreaterThan(50);
  expect(readFileSync(world.live('config/.env'), 'utf8'), 'and it is back').toContain(passwords.dotenv);
  await nothingLeft('after success');
});

test('nor in what any command prints, after failures of every secret', async () => {
  const { dir } = world;
  const broken: Record<string, string> = { KANARI_PRIMARY: `${passwords.primary}-wrong` };
  for (const args of [['backup'], ['status'], ['doctor'], ['plan', 'explain'], ['journal', 'show'], ['kit']])
    await spoken(args);
  for (const args of [['points'], ['journal', 'show'], ['plan', 'check']]) await reprise(args);
  expect(await reprise(['backup'], broken)).not.toBe(0);
  expect(await spoken(['backup'], broken)).not.toBe(0);
  // The file of PostgreSQL's password: readable by others, then wrong, then gone.
  const file = join(dir, 'given', 'postgres');
  await must(['chmod', '644', file]);
  expect(await spoken(['backup', 'db'])).not.toBe(0);
  await must(['chmod', '600', file]);
  await rename(file, `${file}-away`);
  expect(await reprise(['backup', 'db'])).not.toBe(0);
  await rename(`${file}-away`, file);
  // A command that prints the secret where it should not, and fails.
  await rename(join(dir, 'given', 'copy'), join(dir, 'given', 'copy-away'));
  expect(await spoken(['catalogue', 'rebuild'])).not.toBe(0);
  await rename(join(dir, 'given', 'copy-away'), join(dir, 'given', 'copy'));
  await nothingLeft('after failures');
});

test('nor when a tool or a service repeats its own secret in its last words', async () => {
  const plan = readFileSync(world.planFile, 'utf8');
  const telling = plan.replace(
    /start: \{argv: \[sh, -c, '[^']*start "\$APP_PORT" "\$APP_PID"'\]/,
    `start: {argv: [sh, -c, 'echo "no: $APP_TOKEN"; echo "token $APP_TOKEN refused" >&2; exit 7']`,
  );
  expect(telling).not.toBe(plan);
  await writeFile(world.planFile, telling);
  await world.destroy('app');
  expect(await reprise(['recover', '--replace', 'db', '--replace', 'config'])).not.toBe(0);
  expect(await spoken(['recover', '--replace', 'db', '--replace', 'config'])).not.toBe(0);
  await writeFile(world.planFile, plan);
  // A restic that tells all it was given, and fails.
  const liar = join(world.dir, 'wrap', 'restic');
  const kept = readFileSync(liar, 'utf8');
  await writeFile(
    liar,
    '#!/bin/bash\ncat "${RESTIC_PASSWORD_FILE:-/dev/null}" /dev/stdin >&2; env >&2\necho "Fatal: $AWS_SECRET_ACCESS_KEY" >&2; exit 1\n',
  );
  expect(await reprise(['backup', 'config'])).not.toBe(0);
  expect(await spoken(['backup', 'config'])).not.toBe(0);
  await writeFile(liar, kept);
  await nothingLeft('after last words');
});

test('nor in the states and the journal that travel', async () => {
  const into = join(world.dir, 'states');
  for (const name of repositories) {
    const restic = async (...args: string[]): Promise<string> =>
      await must([join(world.dir, 'wrap', 'restic'), '-r', join(world.dir, name), '--no-cache', ...args], {
        env: { RESTIC_PASSWORD: passwords[name] },
      });
    const states = JSON.parse(await restic('snapshots', '--json', '--tag', 'state')) as { id: string }[];
    expect(states.length, name).toBeGreaterThan(0);
    await restic('restore', states.at(-1)?.id ?? '', '--target', join(into, name));
  }
  expect(
    await filesWith({ schema: '"type":"point.captured"' }, [into]),
    'the search finds what is there',
  ).not.toEqual([]);
  expect(await filesWith(canaries, [into])).toEqual([]);
  await rm(into, { recursive: true });
});

test('nor when Reprise is killed: what it left behind is its owner’s alone, and gone after the next command', async () => {
  const { child, result } = await world.start(['backup'], wrapped());
  setTimeout(() => child.kill('SIGKILL'), 1500);
  await result;
  const found = await filesWith(canaries, [world.home, join(world.dir, 'scratch')]);
  for (const line of found) {
    const mode = (await must(['stat', '-c', '%a', line.slice(line.indexOf(': ') + 2)])).trim();
    expect(['600', '400'], line).toContain(mode);
  }
  expect(await reprise(['backup'])).toBe(0);
  await nothingLeft('after a kill');
});
