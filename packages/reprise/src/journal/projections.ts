import type { Body, EntryV1 } from '@reprise/contracts';

import type { Sql } from './database.ts';
import type { RunFilter, RunRecord, RunState, StepRecord } from './journal.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** What an entry changes in `runs` and `steps`; called in the transaction that inserts it. */
export function project(sql: Sql, entry: EntryV1): void {
  if (entry.run === null) return;
  if (entry.type.startsWith('run.')) projectRun(sql, entry, entry.run);
  else if (entry.step !== null && entry.type.startsWith('step.'))
    projectStep(sql, entry, entry.run, entry.step);
}

function projectRun(sql: Sql, { type, body, at, installation, epoch }: EntryV1, run: string): void {
  const end = (state: RunState, exit: number | null, error: string | null): unknown =>
    sql('UPDATE runs SET state = ?, ended_at = ?, exit = ?, error = ? WHERE run = ?').run(
      state,
      at,
      exit,
      error,
      run,
    );
  switch (type) {
    case 'run.started': {
      const { recipe, plan, args, pid } = body as Body<'run.started'>;
      sql(
        `INSERT OR REPLACE INTO runs (run, installation, epoch, recipe, plan, args, pid, state, started_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
      ).run(run, installation, epoch, recipe, plan, JSON.stringify(args), pid, at);
      break;
    }
    case 'run.resumed':
      sql(
        `UPDATE runs SET state = 'open', ended_at = NULL, exit = NULL, error = NULL, pid = ? WHERE run = ?`,
      ).run((body as Body<'run.resumed'>).pid, run);
      break;
    case 'run.finished':
    case 'run.failed': {
      const { exit, error } = body as Body<'run.finished'>;
      end(type === 'run.finished' ? 'finished' : 'failed', exit, error ?? null);
      break;
    }
    case 'run.interrupted':
      end('interrupted', null, (body as Body<'run.interrupted'>).reason);
      break;
    default: // a later version's
  }
}

function projectStep(sql: Sql, { type, body, at }: EntryV1, run: string, step: string): void {
  switch (type) {
    case 'step.started':
      sql(
        `INSERT INTO steps (run, step, state, attempt, started_at) VALUES (?, ?, 'started', ?, ?)
         ON CONFLICT DO UPDATE SET state = 'started', attempt = excluded.attempt, started_at = excluded.started_at,
           ended_at = NULL, ms = NULL, error = NULL, output = NULL`,
      ).run(run, step, (body as Body<'step.started'>).attempt, at);
      break;
    case 'step.finished': {
      const { output, ms } = body as Body<'step.finished'>;
      sql(
        `UPDATE steps SET state = 'finished', output = ?, ended_at = ?, ms = ? WHERE run = ? AND step = ?`,
      ).run(JSON.stringify(output ?? null), at, ms, run, step);
      break;
    }
    case 'step.failed': {
      const { code, ms } = body as Body<'step.failed'>;
      sql(
        `UPDATE steps SET state = 'failed', error = ?, ended_at = ?, ms = ? WHERE run = ? AND step = ?`,
      ).run(code, at, ms, run, step);
      break;
    }
    default: // a later version's
  }
}

/** Oldest first. An open run of another installation or epoch is `unknown`: nobody here can say how it ended. */
export function queryRuns(
  sql: Sql,
  own: { installation: string; epoch: number },
  filter: RunFilter,
): RunRecord[] {
  const rows = sql('SELECT * FROM runs ORDER BY started_at, rowid').all() as Row[];
  return rows.map((row) => runOf(row, own)).filter((r) => matches(r, filter));
}

function runOf(row: Row, own: { installation: string; epoch: number }): RunRecord {
  const mine = row['installation'] === own.installation && row['epoch'] === own.epoch;
  const state = row['state'] as RunState;
  return {
    run: row['run'] as string,
    recipe: row['recipe'] as string,
    installation: row['installation'] as string,
    epoch: row['epoch'] as number,
    mine,
    plan: row['plan'] as string | null,
    args: JSON.parse(row['args'] as string) as Record<string, unknown>,
    pid: row['pid'] as number,
    state: state === 'open' && !mine ? 'unknown' : state,
    startedAt: row['started_at'] as string,
    endedAt: row['ended_at'] as string | null,
    exit: row['exit'] as number | null,
    error: row['error'] as string | null,
  };
}

const matches = (r: RunRecord, { recipe, states, mine }: RunFilter): boolean =>
  (recipe === undefined || r.recipe === recipe) &&
  (states === undefined || states.includes(r.state)) &&
  (mine === undefined || r.mine === mine);

/** In the order in which they were last started. */
export function querySteps(sql: Sql, run: string): StepRecord[] {
  const rows = sql('SELECT * FROM steps WHERE run = ? ORDER BY started_at, step').all(run) as Row[];
  return rows.map((row) => ({
    step: row['step'] as string,
    state: row['state'] as StepRecord['state'],
    attempt: row['attempt'] as number,
    output: row['output'] === null ? undefined : (JSON.parse(row['output'] as string) as unknown),
    startedAt: row['started_at'] as string,
    endedAt: row['ended_at'] as string | null,
    ms: row['ms'] as number | null,
    error: row['error'] as string | null,
  }));
}
