import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

import type { Point } from '@reprise/contracts';

import { RepriseError } from '../../lib/errors/index.ts';
import { type Bench, bench } from './bench.ts';
import { damages } from './damage.ts';
import type { Setup } from './setup.ts';
import { spy } from './spy.ts';

/** One promise that every method keeps. `run` throws AssertionError where it does not. */
export interface Case {
  readonly name: string;
  run<S>(setup: Setup<S>): Promise<void>;
}

const onBench =
  (body: <S>(b: Bench<S>, setup: Setup<S>) => Promise<void>): Case['run'] =>
  async (setup) => {
    await using b = await bench(setup);
    await body(b, setup);
  };

export const cases: readonly Case[] = [
  {
    name: 'capture, restore into a vacant place: same content, owners and permissions',
    run: onBench(async (b) => {
      const { world } = b;
      const before = await world.portrait(world.spec);
      const point = await b.capture();
      assert.deepEqual(await b.leftovers(), [], 'nothing is left in scratch');
      const place = await world.elsewhere();
      assert.equal((await b.isVacant(place)).vacant, true, 'a vacant place is called vacant');
      await b.restore(point, place);
      assert.deepEqual(await world.portrait(place), before);
      const findings = await world.kind.verify(place as never, b.context(), point.inventory);
      assert.ok(findings.length > 0, 'verify judges something');
      assert.deepEqual(
        findings.filter((f) => f.verdict !== 'pass'),
        [],
      );
      const inspected = await world.method.inspect(b.store.read(point), b.context());
      assert.ok(inspected.length > 0, 'inspect judges something');
      assert.deepEqual(
        inspected.filter((f) => f.verdict !== 'pass'),
        [],
      );
      assert.equal((await b.isVacant(place)).vacant, false, 'a restored place is not called vacant');
      assert.deepEqual(await b.leftovers(), [], 'nothing is left in scratch');
      assert.deepEqual(await b.processes(), [], 'no process is left');
    }),
  },
  {
    name: 'capturing the same again gives the same inventory',
    run: onBench(async (b) => {
      const first = await b.capture();
      const again = await b.capture(b.context(), first);
      assert.deepEqual(again.inventory, first.inventory);
    }),
  },
  {
    name: 'every part has bytes',
    run: onBench(async (b) => {
      const parts = (await b.capture()).copies.flatMap((c) => c.parts);
      assert.ok(parts.length > 0, 'there is a part');
      for (const part of parts) assert.ok(part.bytes > 0, `part ${part.name} has bytes`);
    }),
  },
  {
    name: 'a place that is not vacant is refused and left as it was',
    run: onBench(async (b) => {
      const { world } = b;
      const point = await b.capture();
      const place = await world.elsewhere();
      await world.occupy(place);
      const before = await world.portrait(place);
      const vacancy = await b.isVacant(place);
      assert.equal(vacancy.vacant, false, 'what is full is not called vacant');
      assert.ok(vacancy.found, 'it says what is there');
      await assert.rejects(
        b.restore(point, place),
        'a full place is refused even with a proof that has gone stale',
      );
      assert.deepEqual(await world.portrait(place), before);
    }),
  },
  {
    name: 'empty, cut and damaged captures are refused',
    run: onBench(async (b, setup) => {
      const good = await b.capture();
      let tried = 0;
      for await (const { name, point } of damages(b, setup, good)) {
        tried++;
        const place = await b.world.elsewhere();
        const refusal = await refused(b, point, place);
        assert.ok(refusal, `${name} is refused`);
      }
      assert.ok(tried >= 4, 'there was something to damage');
    }),
  },
  {
    name: 'a producer that fails fails the capture',
    run: onBench(async (b, setup) => {
      const calm = spy(b.world.host);
      await b.capture(b.context({ spy: calm }));
      const started = setup.producers.filter((p) => calm.programs.includes(p));
      assert.deepEqual(started, setup.producers, 'the producers named by the setup are used');
      for (const producer of setup.producers) {
        const failing = spy(b.world.host, (program) => (program === producer ? 'fails' : undefined));
        await assert.rejects(
          b.capture(b.context({ spy: failing })),
          `${producer} failed, the capture did not`,
        );
      }
      assert.deepEqual(await b.leftovers(), [], 'nothing is left in scratch');
    }),
  },
  {
    name: 'as-of agrees with what was written meanwhile',
    run: onBench(async (b) => {
      const { world } = b;
      const written: { n: number; began: number; ended: number }[] = [];
      const stop = new AbortController();
      const write = async (): Promise<void> => {
        for (let n = 1; !stop.signal.aborted; n++) {
          const began = Date.now();
          await world.canary(n);
          written.push({ n, began, ended: Date.now() });
          await wait(5);
        }
      };
      await world.canary(0);
      written.push({ n: 0, began: Date.now(), ended: Date.now() });
      await wait(50);
      const writing = write();
      await wait(150);
      const point = await b.capture();
      await wait(150);
      stop.abort();
      await writing;
      const place = await world.elsewhere();
      await b.restore(point, place);
      const there = await world.canaries(place);
      const [from, to] = [Date.parse(point.as_of.from), Date.parse(point.as_of.to)];
      assert.ok(from <= to, 'as-of.from is not after as-of.to');
      assert.ok(
        from >= (written[0]?.ended ?? 0),
        'as-of is not before the last write that preceded the capture',
      );
      for (const { n, began, ended } of written) {
        // Strictly: both are cut to whole milliseconds.
        if (ended < from)
          assert.ok(there.has(n), `canary ${n}, written ${from - ended} ms before as-of.from, is there`);
        if (began > to)
          assert.ok(!there.has(n), `canary ${n}, written ${began - to} ms after as-of.to, is not there`);
      }
      assert.ok(
        written.some(({ began }) => began > to),
        'some were written after as-of.to',
      );
      const findings = await world.kind.verify(place as never, b.context(), point.inventory);
      assert.deepEqual(
        findings.filter((f) => f.verdict === 'fail'),
        [],
        'what changed meanwhile is not called damage',
      );
    }),
  },
  {
    name: 'a cancelled capture leaves nothing behind',
    run: onBench(async (b) => {
      await b.world.slow();
      for (const ms of [0, 5, 40, 120, 300]) {
        const cancel = new AbortController();
        const capturing = b.capture(b.context({ signal: cancel.signal })).then(
          () => 'finished',
          () => 'rejected',
        );
        await wait(ms);
        cancel.abort();
        const outcome = await Promise.race([capturing, wait(8000, 'went on')]);
        assert.notEqual(outcome, 'went on', `cancelled after ${ms} ms, the capture ended`);
        if (ms <= 5) assert.equal(outcome, 'rejected', `cancelled after ${ms} ms, the capture rejected`);
        await nothingLeft(b, `capture cancelled after ${ms} ms`);
      }
    }),
  },
  {
    name: 'a capture whose producer hangs is cancelled at once',
    run: onBench(async (b, setup) => {
      for (const producer of setup.producers) {
        const hanging = spy(b.world.host, (program) => (program === producer ? 'hangs' : undefined));
        const cancel = new AbortController();
        const capturing = b.capture(b.context({ spy: hanging, signal: cancel.signal })).then(
          () => 'finished',
          () => 'rejected',
        );
        for (let i = 0; i < 100 && !hanging.programs.includes(producer); i++) await wait(50);
        cancel.abort();
        const outcome = await Promise.race([capturing, wait(8000, 'went on')]);
        assert.equal(outcome, 'rejected', `${producer} hung and was cancelled`);
        await nothingLeft(b, `${producer} hung and was cancelled`);
      }
    }),
  },
  {
    name: 'a cancelled restore leaves no scratch, no process, nothing that looks whole',
    run: onBench(async (b) => {
      await b.world.slow();
      const point = await b.capture();
      for (const ms of [0, 20, 120, 400]) {
        const place = await b.world.elsewhere();
        const cancel = new AbortController();
        const restoring = b.restore(point, place, b.context({ signal: cancel.signal })).then(
          () => 'finished',
          () => 'rejected',
        );
        await wait(ms);
        cancel.abort();
        const outcome = await Promise.race([restoring, wait(15_000, 'went on')]);
        assert.notEqual(outcome, 'went on', `cancelled after ${ms} ms, the restore ended`);
        await nothingLeft(b, `restore cancelled after ${ms} ms`);
        if (outcome === 'rejected') await assertNotWhole(b, point, place, ms);
      }
    }),
  },
  {
    name: 'no secret in argv, environment, log, inventory or error',
    run: onBench(async (b) => {
      const watched = spy(b.world.host);
      const at = b.context({ spy: watched });
      const point = await b.capture(at);
      const place = await b.world.elsewhere();
      await b.restore(point, place, at);
      await b.world.kind.verify(place as never, at, point.inventory);
      const second: unknown = await b.restore(point, place, at).catch((e: unknown) => e);
      const text =
        second instanceof RepriseError ? JSON.stringify([second.text('en'), second.params]) : String(second);
      for (const secret of b.world.secrets.values()) {
        const value = secret.reveal();
        const seenIn = (where: string, what: string): void =>
          assert.ok(!what.includes(value), `a secret is in ${where}`);
        watched.argv.forEach((argv) => seenIn(`argv of ${argv[0]}`, argv.join('\n')));
        watched.environments.forEach((env) => seenIn('a plain environment', env));
        seenIn('the log', b.log.join('\n'));
        seenIn('the point', JSON.stringify(point));
        seenIn('an error', text);
      }
      assert.ok(b.world.secrets.size > 0, 'the setup has a canary secret');
    }),
  },
];

/** By inspect, or else by restore: whatever would be said to a person before data is called back. */
async function refused<S>(b: Bench<S>, point: Point, place: S): Promise<boolean> {
  const at = b.context();
  const inspected = await b.world.method.inspect(b.store.read(point), at).then(
    (findings) => findings.some((f) => f.verdict === 'fail'),
    () => true,
  );
  if (inspected) return true;
  return await b.restore(point, place, at).then(
    async () =>
      (await b.world.kind.verify(place as never, at, point.inventory)).some((f) => f.verdict === 'fail'),
    () => true,
  );
}

async function nothingLeft<S>(b: Bench<S>, when: string): Promise<void> {
  for (let tries = 0; tries < 20 && (await b.processes()).length > 0; tries++) await wait(100);
  assert.deepEqual(await b.processes(), [], `${when}: no process is left`);
  assert.deepEqual(await b.leftovers(), [], `${when}: nothing is left in scratch`);
}

async function assertNotWhole<S>(b: Bench<S>, point: Point, place: S, ms: number): Promise<void> {
  if ((await b.isVacant(place)).vacant) return;
  const findings = await b.world.kind
    .verify(place as never, b.context(), point.inventory)
    .catch(() => undefined);
  const whole = findings?.every((f) => f.verdict === 'pass') ?? false;
  if (!whole) return;
  assert.deepEqual(
    await b.world.portrait(place),
    await b.world.portrait(b.world.spec),
    `cancelled after ${ms} ms: half, and called whole`,
  );
}
