import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { makeWorld } from '../world/world.ts';

/** Debris is swept when it is over seven days old by the maintainer's clock too. */
const inEightDays = {
  env: { LD_PRELOAD: faketime(), FAKETIME: '+8d', DONT_FAKE_MONOTONIC: '1' },
};

function faketime(): string {
  const found = readdirSync('/usr/lib').map((arch) => join('/usr/lib', arch, 'faketime/libfaketime.so.1'));
  return found.find((file) => existsSync(file)) ?? '';
}

/** One system with its folder, in a repository whose password two systems know. */
async function shareRepository(system: string, url: string, password: string) {
  const identity = `{password: {file: ${password}}}`;
  return await makeWorld({
    without: ['db', 'app'],
    copy: false,
    init: false,
    plan: (text) =>
      text
        .replace(/services:\s+components/, 'components')
        .replace('system: world', `system: ${system}`)
        .replace(/url: [^,]*/, `url: ${url}, writer: ${identity}, maintainer: ${identity}`),
  });
}

/** Parts that no point names, of the same day as the others and with the same tags. */
async function leaveDebris(url: string, password: string, like: string): Promise<string> {
  const restic = async (...args: string[]): Promise<string> =>
    await must(['restic', '-r', url, '--password-file', password, ...args]);
  const [{ tags }] = JSON.parse(await restic('snapshots', '--json', '--no-lock', like)) as [
    { tags: string[] },
  ];
  const said = await restic(
    'backup',
    '--json',
    '--host',
    'one',
    ...tags.flatMap((t) => ['--tag', t]),
    password,
  );
  return (JSON.parse(said.trim().split('\n').at(-1) ?? '') as { snapshot_id: string }).snapshot_id;
}

test('the points of a system whose journal cannot be read are not swept as debris; control: our own debris is', async () => {
  expect(inEightDays.env.LD_PRELOAD, 'faketime is installed').not.toBe('');
  await using folder = await makeWorld({ init: false, without: ['db', 'app', 'config'], copy: false });
  const [url, password] = [join(folder.dir, 'shared'), join(folder.dir, 'password')];
  writeFileSync(password, 'known to two systems', { mode: 0o600 });
  await using a = await shareRepository('one', url, password);
  await using b = await shareRepository('other', url, password);
  await a.ok(['init', '--yes']);
  await b.ok(['init', '--yes']);
  await a.run(['backup']); // exit 1: a state that is none of ours is said
  await b.run(['backup']);
  const points = await b.points();
  expect(points).toHaveLength(1);
  const [own] = await a.points();
  const debris = await leaveDebris(url, password, own?.copies[0]?.parts[0]?.snapshot ?? '');

  await a.run(['maintain']);
  await a.run(['backup'], inEightDays);
  const { code, json } = await a.run(['maintain'], inEightDays);
  expect(code).toBe(0);
  expect(json.repositories[0]).toMatchObject({ kept: 2, debris: [debris], refused: null });
  await b.restores(points);
});
