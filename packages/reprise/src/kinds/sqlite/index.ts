import type { Finding, Inventory } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { ComponentKind, Context } from '../kind.ts';
import { demand } from '../tool.ts';
import { compare } from './compare.ts';
import { recordedIn } from './contents.ts';
import { discover } from './discover.ts';
import { beside, clear, find, isVacant } from './file.ts';
import { online } from './online.ts';
import { query } from './query.ts';
import { SqliteSpec } from './spec.ts';

/** One SQLite database file, also while it is in use. */
export const sqlite: ComponentKind<typeof SqliteSpec> = {
  name: 'sqlite',
  spec: SqliteSpec,
  methods: { online },
  defaultMethod: 'online',
  defaultLevel: 'parsed',
  discover,
  relocate: (spec, place) => ({ ...spec, path: place.path(spec.path) }),
  isVacant,
  clear,
  verify,
  witness,
  query,
  paths: placesOf,
  extents: (spec) => placesOf(spec).map((path) => ({ form: 'file', path })),
};

function placesOf({ path }: SqliteSpec): readonly string[] {
  return [path, ...beside.map((end) => path + end)];
}

async function verify(spec: SqliteSpec, at: Context, recorded: Inventory): Promise<readonly Finding[]> {
  const found = await find(spec, at);
  if (found === undefined) return [judge('fail', 'sqlite.file', at.component, { path: spec.path })];
  const was = recordedIn(recorded)?.rights;
  const rights =
    was === undefined
      ? []
      : [
          judge(text(found.stat) === text(was) ? 'pass' : 'fail', 'sqlite.rights', at.component, {
            path: spec.path,
            found: text(found.stat),
            recorded: text(was),
          }),
        ];
  return [...(await compare(found.database, recorded, at)), ...rights];
}

const text = (r: { uid: number; gid: number; mode: number }): string =>
  `${r.uid}:${r.gid} ${(r.mode & 0o7777).toString(8)}`;

/** The newest write to the database or its log. */
async function witness(spec: SqliteSpec, at: Context): Promise<Date | undefined> {
  const found = await find(spec, at);
  if (found === undefined) return undefined;
  const files = [found.database.path];
  if ((await at.host.stat(`${found.database.path}-wal`, at.signal)) !== undefined)
    files.push(`${found.database.path}-wal`);
  const times = await demand(at.host, { argv: ['stat', '--format=%.3Y', '--', ...files] }, at.signal);
  return new Date(Math.max(...times.trim().split('\n').map(Number)) * 1000);
}
