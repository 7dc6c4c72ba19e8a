import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeCliWorld, type CliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(async () => {
  world = makeCliWorld();
  await world.init();
}, 60_000);
afterAll(() => world[Symbol.dispose]());

/** Sends a signal each time the progress says so. */
const onProgress =
  (signals: readonly NodeJS.Signals[], sign: string, pause = 0) =>
  (child: { readonly stderr: NodeJS.ReadableStream | null; kill(signal: NodeJS.Signals): boolean }): void => {
    let sent = false;
    child.stderr?.on('data', (chunk) => {
      if (sent || !String(chunk).includes(sign)) return;
      sent = true;
      for (const [i, signal] of signals.entries()) setTimeout(() => child.kill(signal), i * pause);
    });
  };

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends in order: 130, and resume goes on',
  { timeout: 120_000 },
  async (signal) => {
    const ran = await world.run(['backup'], { meanwhile: onProgress([signal], '▶ capture') });
    expect(ran.code, ran.stderr).toBe(130);
    expect(ran.stderr).toContain('reprise resume');
    const status = await world.json(['status']);
    expect((status.document['open_runs'] as { state: string }[]).map((r) => r.state)).toEqual([
      'interrupted',
    ]);
    const resumed = await world.json(['resume']);
    expect(resumed.ran.code, resumed.ran.stdout).toBe(0);
    expect((resumed.document['continued'] as { exit: number }[])[0]?.exit).toBe(0);
    expect((await world.json(['status'])).document['open_runs']).toEqual([]);
  },
);

test('a second Ctrl-C ends at once; nothing half-done is a point', { timeout: 120_000 }, async () => {
  const before = (await world.json(['points'])).document['points'] as unknown[];
  const ran = await world.run(['backup'], { meanwhile: onProgress(['SIGINT', 'SIGINT'], '▶ capture', 30) });
  expect(ran.code).toBe(130);
  expect((await world.json(['points'])).document['points']).toHaveLength(before.length);
  expect((await world.json(['resume'])).ran.code).toBe(0);
  expect((await world.json(['points'])).document['points']).toHaveLength(before.length + 2);
});
