import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { bench } from '../../packages/reprise/src/kinds/conformance/bench.ts';
import { conformance } from '../../packages/reprise/src/kinds/conformance/index.ts';
import { productSetup } from './kinds/product-setup.ts';
import { ResticStores } from './kinds/restic-store.ts';

/** A product is a kind like any other: the same suite, and the check that its members fit together. */
const stores = new ResticStores();
const setup = productSetup((run) => stores.store(run));
afterAll(() => stores.remove());

conformance(setup, { describe, test });

test('a row whose file is missing after a restore is a fail, with the file’s name', async () => {
  await using b = await bench(setup);
  const point = await b.capture();
  const place = await b.world.elsewhere();
  await b.restore(point, place);
  const judged = async () =>
    (await b.world.kind.verify(place as never, b.context(), point.inventory)).find(
      (f) => f.code === 'product.references',
    );
  expect(await judged()).toMatchObject({ verdict: 'pass', params: { rows: 20, missing: 0 } });
  await rm(join(place.files, 'storage', '3'));
  expect(await judged()).toMatchObject({
    verdict: 'fail',
    params: { rows: 20, missing: 1, first: 'storage/3' },
  });
});

test('rows that refer to nothing prove nothing', async () => {
  await using b = await bench(setup);
  const spec = { ...b.world.spec, references: "SELECT name FROM upload WHERE name = 'none'" };
  const point = await b.capture();
  const findings = await b.world.kind.verify(spec, b.context(), point.inventory);
  expect(findings.find((f) => f.code === 'product.references')?.verdict).toBe('unable');
});

test('parts and inventory say whose they are', async () => {
  await using b = await bench(setup);
  const point = await b.capture();
  expect(point.copies[0]?.parts.map((p) => p.name)).toEqual(['db.db', 'files.tree']);
  expect(point.inventory.items.map((i) => i.name)).toEqual(
    expect.arrayContaining(['db.database', 'db.upload', 'files.tree', 'files..']),
  );
  const steps = b.world.method
    .byHand(point, b.world.spec)
    .map((s) => s.shell)
    .join('\n');
  expect(steps).toContain('{{snapshot:db.db}}');
  expect(steps).toContain('{{snapshot:files.tree}}');
});
