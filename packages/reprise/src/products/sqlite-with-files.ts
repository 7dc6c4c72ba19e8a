import type { Finding } from '@reprise/contracts';
import { z } from 'zod';

import { files } from '../kinds/files/index.ts';
import { bytes, matcher } from '../kinds/files/patterns.ts';
import { FilesSpec } from '../kinds/files/spec.ts';
import { ofTheFileSystem, treeOf } from '../kinds/files/tree.ts';
import { walk } from '../kinds/files/walk.ts';
import type { Context } from '../kinds/kind.ts';
import { sqlite } from '../kinds/sqlite/index.ts';
import { rowsOf } from '../kinds/sqlite/query.ts';
import { SqliteSpec } from '../kinds/sqlite/spec.ts';
import { judge } from '../lib/findings/index.ts';
import { product } from './product.ts';

/** A database whose rows name files in a folder. */
export const SqliteWithFilesSpec = z.strictObject({
  database: SqliteSpec.shape.path.describe('The SQLite file; absolute'),
  run_as: SqliteSpec.shape.run_as,
  busy_timeout: SqliteSpec.shape.busy_timeout,
  files: FilesSpec.shape.path.describe('The folder that rows refer to; absolute'),
  excludes: FilesSpec.shape.excludes,
  allow_empty: FilesSpec.shape.allow_empty.describe(
    'An empty folder, or a database without a row, is not an error',
  ),
  references: z
    .string()
    .min(1)
    .describe('SELECT of one column: paths relative to the folder, NULL for rows without a file'),
});
type Spec = z.output<typeof SqliteWithFilesSpec>;

const database = ({ database: path, run_as, busy_timeout, allow_empty }: Spec): SqliteSpec => ({
  path,
  busy_timeout,
  allow_empty,
  ...(run_as === undefined ? {} : { run_as }),
});

/** The database itself may lie in the folder: it is captured as a database, and not a second time as a file. */
function folder({ database: path, files: root, excludes, allow_empty }: Spec): FilesSpec {
  const top = root.replace(/\/+$/, '');
  const inside = path.startsWith(`${top}/`)
    ? [`./${path.slice(top.length + 1).replaceAll(/[*?[\]\\]/g, String.raw`\$&`)}`]
    : [];
  const own = inside.flatMap((p) => [p, `${p}-wal`, `${p}-shm`, `${p}-journal`]);
  return FilesSpec.parse({
    path: root,
    excludes: [...excludes, ...own],
    allow_empty: allow_empty || inside.length > 0,
  });
}

/**
 * The database first, the files after it: a file that a row refers to is written before the row and so is in the later
 * capture. What is deleted in between is not: hold the service in a group where that matters.
 */
export const sqliteWithFiles = product({
  name: 'sqlite-with-files',
  spec: SqliteWithFilesSpec,
  members: [
    { name: 'db', kind: sqlite, spec: database },
    { name: 'files', kind: files, spec: folder },
  ],
  relocate: (spec, place) => ({
    ...spec,
    database: place.path(spec.database),
    files: place.path(spec.files),
  }),
  check: everyFileIsThere,
});

async function everyFileIsThere(spec: Spec, at: Context): Promise<readonly Finding[]> {
  const wanted = new Set<string>();
  for (const path of await rowsOf(database(spec), at, spec.references))
    if (path !== null) wanted.add(bytes(path.replace(/^(\.?\/)+/, '')));
  const rows = wanted.size;
  if (rows === 0)
    return [judge('unable', 'product.references', at.component, { rows, missing: 0, first: '' })];
  const tree = await treeOf(folder(spec), at);
  const unentered = tree.unentered.filter((p) => p === `./${ofTheFileSystem}`);
  const selection = { ...tree, included: undefined, excluded: matcher([]), unentered };
  for await (const batch of walk(at.host, selection, at.signal))
    for (const entry of batch) if (entry.type !== 'd') wanted.delete(entry.path);
  const first = Buffer.from(wanted.values().next().value ?? '', 'latin1').toString();
  return [
    judge(wanted.size === 0 ? 'pass' : 'fail', 'product.references', at.component, {
      rows,
      missing: wanted.size,
      first,
    }),
  ];
}
