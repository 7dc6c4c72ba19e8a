import { failed, passed, unable, type Answer, type CheckKind, type Probing } from './check.ts';

/** The one value of a query: no row, NULL, false or another value than expected is a fail. */
export const sqlCheck: CheckKind<'sql'> = {
  subject: (check) => shorten(check.query),
  expected: (check) => check.expect ?? null,
  probe: async (check, at) => {
    const value = await queryOf(at, check.database, check.query);
    if (typeof value !== 'string') return value;
    if (check.expect !== undefined) return value === check.expect ? passed(value) : failed('value', value);
    return /^(f|false)$/i.test(value) ? failed('false', value) : passed(value);
  },
};

/** The value as text, or the answer that says why there is none. */
export async function queryOf(
  at: Probing,
  database: string | undefined,
  query: string,
): Promise<string | Answer> {
  const { kind, spec, context } = at.target;
  if (kind.query === undefined) return unable('no-query');
  const value = await kind.query(spec, { ...context, signal: at.signal }, database, query);
  if (value === undefined) return failed('no-row');
  return value === null ? failed('null') : value;
}

const shorten = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};
