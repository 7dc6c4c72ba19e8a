import type { Finding, Inventory, Point } from '@reprise/contracts';

import { isError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { said } from '../../lib/language.ts';
import type { Context } from '../kind.ts';
import type { Database } from './cli.ts';
import { type Contents, contentsOf, recordedIn } from './contents.ts';

/** A database read to its end against what was recorded. Throws `sqlite.failed` for what SQLite cannot read. */
export async function compare(db: Database, inventory: Inventory, at: Context): Promise<readonly Finding[]> {
  const was = recordedIn(inventory)?.contents;
  if (was === undefined) return [judge('unable', 'files.recorded', at.component, { part: 'db' })];
  return judgeContents(await contentsOf(db, at), was, at.component);
}

/** Of a file that nobody else has; one that SQLite cannot read at all is a finding too. */
export async function compareFile(path: string, point: Point, at: Context): Promise<readonly Finding[]> {
  const was = recordedIn(point.inventory)?.contents;
  const size = (await at.host.stat(path, at.signal))?.size ?? 0;
  const whole = was === undefined ? size : was.pages * was.pageSize;
  if (size !== whole)
    return [
      judge('fail', 'sqlite.integrity', at.component, {
        result: `${size} of ${whole} bytes`,
        bytes: size,
        of: whole,
      }),
    ];
  try {
    return await compare({ path, open: 'copy' }, point.inventory, at);
  } catch (error) {
    if (!isError(error, 'sqlite.failed')) throw error;
    return [judge('fail', 'sqlite.integrity', at.component, { result: said(error.params.why, 'en') })];
  }
}

/** Pure: what is there against what was. A table that nobody recorded fails the schema, not a count. */
export function judgeContents(is: Contents, was: Contents, subject: string): readonly Finding[] {
  const identities = [
    ['user_version', is.userVersion, was.userVersion],
    ['application_id', is.applicationId, was.applicationId],
  ] as const;
  return [
    judge(integrityVerdict(is, was), 'sqlite.integrity', subject, { result: is.integrity }),
    judge(is.schema === was.schema ? 'pass' : 'fail', 'sqlite.schema', subject, { tables: is.tables.size }),
    ...countFindings(is, was, subject),
    ...(was.foreignKeys === null
      ? []
      : [
          judge(is.foreignKeys === was.foreignKeys ? 'pass' : 'fail', 'sqlite.foreign-keys', subject, {
            violations: is.foreignKeys,
            recorded: was.foreignKeys,
          }),
        ]),
    ...identities
      .filter(([, found, recorded]) => found !== recorded)
      .map(([what, found, recorded]) => judge('fail', 'sqlite.identity', subject, { what, found, recorded })),
  ];
}

/** What could be judged at capture and cannot now is damage; what never could stays `unable`. */
function integrityVerdict(is: Contents, was: Contents): Finding['verdict'] {
  if (is.judged) return is.integrity === 'ok' ? 'pass' : 'fail';
  return was.judged ? 'fail' : 'unable';
}

/** One finding when all agree; else one for each table that does not. */
function countFindings(is: Contents, was: Contents, subject: string): readonly Finding[] {
  const wrong = [...was.tables].flatMap(([table, { rows: recorded }]) => {
    const rows = is.tables.get(table)?.rows ?? null;
    return rows === recorded && is.tables.has(table)
      ? []
      : [judge('fail', 'sqlite.rows', subject, { table, rows, recorded })];
  });
  if (wrong.length > 0) return wrong;
  const rows = [...is.tables.values()].reduce((sum, t) => sum + (t.rows ?? 0), 0);
  return [judge('pass', 'sqlite.counted', subject, { tables: was.tables.size, rows })];
}
