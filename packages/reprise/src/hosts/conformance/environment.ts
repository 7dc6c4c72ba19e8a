import { expect } from 'vitest';

import { Secret } from '../../lib/secret.ts';
import { outcome, quiet, text } from '../finish.ts';
import type { Command, Host } from '../host.ts';
import { type Case, hostCase } from './bench.ts';
import { withWord } from './processes.ts';

const hostile = [
  'a b',
  '',
  '-n',
  '--',
  "it's",
  '"$(touch /tmp/no)" `id` ${HOME} \\',
  'two\nlines\n',
  '\t*?[x]{a,b}~',
  'é 日本 \u0081',
  'a=b',
  ';|&<>#!',
];
const zeroed = (out: string): readonly string[] => out.split('\0').slice(0, -1);
const environment = async (
  host: Host,
  command: Partial<Command>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const out = await text(host, { ...command, argv: ['env', '-0'] }, signal);
  return new Map(
    zeroed(out).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
};

export const environmentCases: readonly Case[] = [
  hostCase('arguments arrive as they are, whatever is in them', async ({ host, signal }) => {
    expect(zeroed(await text(host, { argv: ['printf', '%s\\0', ...hostile] }, signal))).toEqual(hostile);
  }),
  hostCase('so they do when another program starts the command', async ({ host, signal }) => {
    const argv = host.wrap({ argv: ['printf', '%s\\0', ...hostile] });
    expect(zeroed(await text(host, { argv }, signal))).toEqual(hostile);
  }),
  hostCase('nothing is inherited but PATH and HOME; the run is named', async ({ host, signal }) => {
    process.env['REPRISE_CANARY'] = 'leak';
    const env = await environment(host, { env: { GIVEN: 'two\nlines', LANG: 'fr_FR.UTF-8' } }, signal);
    delete process.env['REPRISE_CANARY'];
    expect([...env.keys()].toSorted()).toEqual(['GIVEN', 'HOME', 'LANG', 'PATH', 'REPRISE_RUN']);
    expect(env.get('GIVEN')).toBe('two\nlines');
    expect(env.get('LANG')).toBe('fr_FR.UTF-8');
    expect(env.get('REPRISE_RUN')).toBe('run-of-conformance');
    expect((await environment(host, {}, signal)).get('LANG')).toBe('C.UTF-8');
  }),
  hostCase('a command cannot leave its run', async ({ host, signal }) => {
    const env = await environment(host, { env: { REPRISE_RUN: 'another' } }, signal);
    expect(env.get('REPRISE_RUN')).toBe('run-of-conformance');
  }),
  hostCase('outside of a run, and for what lasts, no run is named', async ({ host, bench, signal }) => {
    await using outside = await bench.make(null);
    expect((await environment(outside, {}, signal)).has('REPRISE_RUN')).toBe(false);
    const { stderr } = await outcome(host, { argv: ['env'], lasting: true }, signal);
    expect(stderr).toContain('LANG=');
    expect(stderr).not.toContain('REPRISE_RUN');
  }),
  hostCase(
    'a wrapped command sees nothing of the program that starts it',
    async ({ host, folder, signal }) => {
      const argv = host.wrap({ argv: ['sh', '-c', 'pwd; env -0'], cwd: folder, env: { GIVEN: "it's" } });
      const out = await text(host, { argv: ['env', 'RESTIC_PASSWORD=leak', 'HOME=/leak', ...argv] }, signal);
      expect(out).not.toContain('leak');
      expect(out).toMatch(new RegExp(`^${RegExp.escape(folder)}\n`));
      expect(out).toContain("GIVEN=it's\0");
      expect(out).toContain('REPRISE_RUN=run-of-conformance\0');
    },
  ),
  hostCase('a wrapped command has no secrets: they would be seen', ({ host }) => {
    const secrets = { KEY: new Secret('x') };
    expect(() => host.wrap({ argv: ['true'], secrets })).toThrow(TypeError);
    return Promise.resolve();
  }),
  hostCase(
    'a secret is in the environment of its process alone: in no argv, and masked in errors',
    async ({ host, signal }) => {
      const value = `canary-${Math.random()}\nline two of canary`;
      const argv = ['sh', '-c', 'sleep 0.5; echo "rejected $KEY" >&2; test -n "$KEY" && exit 3'] as const;
      const running = outcome(host, { argv, secrets: { KEY: new Secret(value) } }, signal);
      expect(await withWord(host, 'sleep 0.5; echo', signal)).not.toEqual([]); // it can be seen
      expect(await withWord(host, value.slice(0, 16), signal)).toEqual([]);
      expect(await running).toMatchObject({ code: 3, stderr: 'rejected [secret]\n' });
      await expect(quiet(host, { argv, secrets: { KEY: new Secret(value) } }, signal)).rejects.toMatchObject({
        message: expect.not.stringContaining('canary'),
      });
    },
  ),
  hostCase('oneself needs no right to change users', async ({ host, signal }) => {
    const me = (await text(host, { argv: ['id', '-un'] }, signal)).trim();
    expect((await text(host, { argv: ['id', '-un'], user: me }, signal)).trim()).toBe(me);
  }),
  hostCase('a user that is not there is said to be missing', async ({ host, signal }) => {
    const missing = { code: 'user.missing', params: { user: 'no-such-user' } };
    await expect(host.run({ argv: ['true'], user: 'no-such-user' }, signal)).rejects.toMatchObject(missing);
  }),
  hostCase(
    'another user comes with its groups, home, and nothing of ours',
    async ({ host, bench, signal }) => {
      const user = bench.other as string;
      const groups = async (argv: readonly [string, ...string[]], as?: string) =>
        (await text(host, { argv, user: as }, signal)).trim().split(/\s+/).toSorted();
      expect(await groups(['id', '-Gn'], user)).toEqual(await groups(['id', '-Gn', user]));
      expect(await groups(['id', '-un'], user)).toEqual([user]);
      const home = (await text(host, { argv: ['getent', 'passwd', user] }, signal)).split(':')[5];
      expect((await environment(host, { user }, signal)).get('HOME')).toBe(home);
      const caps = await text(host, { argv: ['grep', 'CapEff', '/proc/self/status'], user }, signal);
      expect(caps).toMatch(/0{16}/);
      const wrapped = host.wrap({ argv: ['id', '-un'], user });
      expect((await text(host, { argv: wrapped }, signal)).trim()).toBe(user);
    },
    'other',
  ),
  hostCase(
    'what runs as another user is ended like everything else',
    async ({ host, bench, signal }) => {
      const time = `3${Math.floor(Math.random() * 1e9)}`;
      const argv = ['sh', '-c', `sleep ${time} & sleep ${time}`] as const;
      await expect(outcome(host, { argv, user: bench.other }, AbortSignal.timeout(300))).rejects.toThrow();
      expect(await withWord(host, time, signal)).toEqual([]);
    },
    'other',
  ),
];
