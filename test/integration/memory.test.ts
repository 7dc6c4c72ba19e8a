import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';

const checkout = resolve(import.meta.dirname, '../..');
const limit = 150 * 1024 * 1024;
let built: string;

// As it is published: stripping types costs memory that nobody has in service.
beforeAll(async () => {
  await mkdir(join(checkout, '.cache'), { recursive: true });
  built = await mkdtemp(join(checkout, '.cache/built-'));
  await must([join(checkout, 'node_modules/.bin/rolldown'), '-c', 'rolldown.config.ts', '-d', built], {
    cwd: checkout,
  });
});
afterAll(async () => await rm(built, { recursive: true, force: true }));

/** Bytes, the kernel's own high-water mark of the process itself. */
async function peakOf(world: World, args: readonly string[]): Promise<number> {
  const argv = [join(built, 'bin.js'), '--plan', world.planFile, '--home', world.home, ...args, '--json'];
  const child = spawn(process.execPath, argv, { env: world.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let peak = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // it ended between two looks
    }
  }, 20);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  clearInterval(look);
  expect(code, `${args.join(' ')}\n${stderr}\n${stdout}`).toBe(0);
  expect(peak, 'nothing was measured').toBeGreaterThan(10 * 1024 * 1024);
  return peak;
}

test('a stream of some hundred megabytes and a large tree: Reprise itself stays below 150 MB', async () => {
  await using world = await makeWorld({ copy: false, without: ['app'] });
  // Text that compression cannot make much smaller, so that as much as this really flows.
  await world.psql(
    `create table bulk as select n, (select string_agg(md5((n * 1000 + i)::text), '') from generate_series(1, 32) i) as body
     from generate_series(1, 250000) n`,
  );
  const bytes = Number(await world.psql(`select pg_total_relation_size('bulk')`));
  expect(bytes).toBeGreaterThan(250e6);
  await must([
    'sh',
    '-c',
    'i=0; while [ $i -lt 5000 ]; do echo "$i" > "$0/$i.conf.env"; i=$((i+1)); done',
    world.live('config'),
  ]);

  const backup = await peakOf(world, ['backup']);
  const [db] = await world.points('db');
  expect(db?.bytes).toBeGreaterThan(100e6);
  await world.destroy();
  const recover = await peakOf(world, ['recover']);
  expect(await world.psql('select count(*) from bulk')).toBe('250000');
  console.log(`peak: backup ${Math.round(backup / 1e6)} MB, recover ${Math.round(recover / 1e6)} MB`);
  expect(backup).toBeLessThan(limit);
  expect(recover).toBeLessThan(limit);
}, 400_000);
