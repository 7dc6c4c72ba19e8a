import { isError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import type { Access } from './access.ts';
import { openSession, type Session } from './session.ts';
import type { PostgresSpec } from './spec.ts';

export interface Maintenance extends AsyncDisposable {
  readonly database: string;
  readonly session: Session;
}

/**
 * A session that belongs to none of the databases at stake: the plan's maintenance database, or, where that is itself
 * gone or to be restored, the two that every cluster has. Throws what the first attempt said.
 */
export async function openMaintenance(access: Access, spec: PostgresSpec, at: Context): Promise<Maintenance> {
  const candidates = [...new Set([spec.connection.database, 'postgres', 'template1'])];
  let first: unknown;
  for (const database of candidates) {
    try {
      const session = await openSession(access, database, at);
      return { database, session, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
    } catch (e) {
      if (!isError(e, 'postgres.unreachable')) throw e;
      first ??= e;
    }
  }
  throw first;
}
