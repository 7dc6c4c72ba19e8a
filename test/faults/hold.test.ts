import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { until } from '../testbed/process.ts';
import { type Arena, makeArena } from './arena.ts';
import { answers, listed, orphansOf } from './trial.ts';

let arena: Arena;
/** How long an undisturbed backup holds the service, milliseconds. */
let heldMs = 0;
beforeAll(async () => {
  arena = await makeArena({
    copy: false,
    without: ['config', 'db'],
  });
  await arena.world.ok(['backup']);
  heldMs = arena.entries().findLast((e) => e.type === 'undo.performed')?.body.held_ms ?? 0;
});
afterAll(async () => await arena[Symbol.asyncDispose]());

/** Starts a backup and returns when the service is down: we are inside the hold. */
async function insideHold() {
  const started = await arena.world.start(['backup']);
  await until(
    async () => !(await arena.world.answers()),
    20,
    () => 'the service was never held',
    () => started.child.exitCode === null,
  );
  return started;
}

test.each([0, 0.2, 0.4, 0.6, 0.8])(
  'killed inside the hold (%d of it gone): the service answers within 10 s by itself; the next run journals who did it',
  async (share) => {
    const { world } = arena;
    const before = (await listed(arena, false)).map((p) => p.id);
    const { child, result } = await insideHold();
    await sleep(share * heldMs);
    const held = !(await world.answers());
    child.kill('SIGKILL');
    await result;
    const seconds = await answers(arena);
    const made = (await listed(arena, true)).filter((p) => !before.includes(p.id));
    // A machine that is quicker now than when the hold was timed may be past it: then the group is there whole.
    expect(held ? [0] : [0, 2], 'no half point').toContain(made.length);
    console.log(
      `killed ${held ? 'while held' : 'after the hold'}; the service answered after ${seconds.toFixed(1)} s`,
    );

    const registered = arena.entries().findLast((e) => e.type === 'undo.registered');
    const performed = () =>
      arena.entries().filter((e) => e.type === 'undo.performed' && e.run === registered?.run);
    const unjournaled = performed().length === 0;
    await world.ok(['backup']);
    if (unjournaled) expect(performed()[0]?.body).toMatchObject({ by: 'guardian', ok: true });
    expect(performed().length, 'the end of each hold is journaled').toBe(
      arena.entries().filter((e) => e.type === 'undo.registered' && e.run === registered?.run).length,
    );
    expect(orphansOf(arena)).toEqual([]);
    expect(await world.answers()).toBe(true);
  },
);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s halfway: exit 130, the service is back, nothing half, and the same command goes on',
  async (signal) => {
    const { world } = arena;
    const before = (await listed(arena, false)).map((p) => p.id);
    const { child, result } = await insideHold();
    child.kill(signal);
    const stopped = await result;
    expect(stopped.code, stopped.stdout + stopped.stderr).toBe(130);
    expect(await world.answers(), 'it is back before Reprise has ended').toBe(true);
    expect((await listed(arena, true)).filter((p) => !before.includes(p.id))).toEqual([]);
    expect(orphansOf(arena)).toEqual([]);
    expect(arena.entries().at(-1)?.type, 'the run is closed, not left').toBe('run.interrupted');
    expect((await world.ok(['backup'])).json.resumed).toBe(true);
    expect((await listed(arena, false)).filter((p) => !before.includes(p.id)).length).toBe(2);
  },
);

test('a second Ctrl-C ends Reprise at once, and the service still comes back', async () => {
  const { world } = arena;
  const { child, result } = await insideHold();
  child.kill('SIGINT');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect((await result).code).toBe(130);
  await answers(arena);
  await world.ok(['backup']);
  expect(orphansOf(arena)).toEqual([]);
  expect(existsSync(world.live('app/notes.db'))).toBe(true);
});
