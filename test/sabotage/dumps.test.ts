import { join } from 'node:path';

import { afterAll, beforeAll, describe, test } from 'vitest';

import { serverBins } from '../testbed/postgres.ts';
import { must } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, passes, sabotaged, type Expected, type Liars } from './harness.ts';

/** One world: what lies is a program in the folder that the plan's `bin` names. */
let world: World;
let tools: Liars;
beforeAll(async () => {
  const bin = (await serverBins())[0]?.bin ?? '';
  tools = await liars(bin);
  world = await makeWorld({
    copy: false,
    without: ['app', 'config'],
    plan: (text) => text.replace(`    bin: ${bin}\n`, `    bin: ${tools.path}\n`),
  });
  await world.psql('create database shop_test template shop', 'postgres');
  await world.ok(['backup']); // the older point
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
});

/** Everything that is not the dump itself stays honest: its version, and its globals. */
const dumps = (script: string): string => `case "$*" in *--version*) exec "$real" "$@";; esac\n${script}`;
/** The dump in a file first, to be cut. */
const whole = `f=$(mktemp); trap 'rm -f "$f"' EXIT; "$real" "$@" > "$f" || exit 1; size=$(stat -c %s "$f")`;
/** As long as what \`pg_restore --list\` is content with: the dump's head, and nothing of its data. */
const contents = `lo=0; hi=$size; list="$(dirname "$real")/pg_restore --list"
while [ $((hi - lo)) -gt 1 ]; do
  mid=$(((lo + hi) / 2)); if head -c $mid "$f" | $list >/dev/null 2>&1; then hi=$mid; else lo=$mid; fi
done; head -c $hi "$f"`;

const failed: Expected = { exit: 1, error: 'capture.check-failed', restores: ['db'] };
const lies: readonly (readonly [string, string, Expected])[] = [
  ['an empty dump', 'exit 0', { exit: 1, error: 'repository.empty-stream', restores: ['db'] }],
  [
    'a dump cut at 10 %',
    `${whole}; head -c $((size / 10)) "$f"`,
    { ...failed, says: /cannot be read to its end/ },
  ],
  [
    'a dump cut at 50 %',
    `${whole}; head -c $((size / 2)) "$f"`,
    { ...failed, says: /cannot be read to its end/ },
  ],
  [
    'a dump cut at 99 %',
    `${whole}; head -c $((size * 99 / 100)) "$f"`,
    { ...failed, says: /cannot be read to its end/ },
  ],
  [
    'a dump without its last byte',
    `${whole}; head -c $((size - 1)) "$f"`,
    { ...failed, says: /cannot be read to its end/ },
  ],
  [
    'a dump cut after its table of contents',
    `${whole}; ${contents}`,
    { ...failed, says: /cannot be read to its end/ },
  ],
  [
    'a dump of the wrong database',
    'exec "$real" --no-password -d shop_test -Fc -Z0',
    { ...failed, says: /the dump of another database/ },
  ],
  ['a missing table', 'exec "$real" "$@" --exclude-table=orders', { ...failed, says: /lacks table/ }],
  [
    'yesterday’s dump again',
    // The same rows: only its date tells.
    'exec faketime -f -1d "$real" "$@"',
    { ...failed, says: /was made at/ },
  ],
];

describe('the dump', () => {
  test.each(lies)('%s is no point', async (_, script, expected) => {
    await tools.lie('pg_dump', dumps(script));
    await sabotaged(world, ['backup', 'db'], { ...expected, mend: () => tools.tell('pg_dump') });
  });

  test('a dump tool that exits 0 after its connection broke is no point', async () => {
    await world.psql(
      `create table filler as select n, repeat(md5(n::text), 30) as text from generate_series(1, 12000) n`,
    );
    const end = `select pg_terminate_backend(pid) from pg_stat_activity where query like 'COPY public.filler%'`;
    await tools.lie(
      'pg_dump',
      dumps(
        `"$real" "$@" | { head -c 1000000; "$(dirname "$real")/psql" -XAtq -d postgres -c "${end}" >&2; cat; }; exit 0`,
      ),
    );
    const cut = { ...failed, says: /cannot be read to its end/, mend: () => tools.tell('pg_dump') };
    await sabotaged(world, ['backup', 'db'], cut);
    await world.psql('drop table filler');
  });

  test('control: the honest tool makes a point, and it is restored', async () => {
    await passes(world, ['backup', 'db']);
  });
});

describe('pg_restore', () => {
  const honestList = 'case "$*" in *--list*|*--version*) exec "$real" "$@";; esac; cat >/dev/null; exit 0';

  test('one that exits 0 doing nothing lets no dump pass for whole', async () => {
    await tools.lie(
      'pg_restore',
      'case "$*" in *--version*) exec "$real" "$@";; esac; cat >/dev/null; exit 0',
    );
    await sabotaged(world, ['backup', 'db'], { ...failed, mend: () => tools.tell('pg_restore') });
  });

  test('one that exits 0 doing nothing is no restore', async () => {
    const to = join(world.dir, 'nothing');
    await must(['install', '-d', '-m', '777', to]);
    await tools.lie('pg_restore', honestList);
    await sabotaged(world, ['restore', 'db', '--to', `directory:${to}`], {
      exit: 1,
      error: 'postgres.restored-less',
      mend: () => tools.tell('pg_restore'),
      restores: ['db'],
    });
  });
});
