import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** R, S, D, T, Z (ended, not yet collected by its parent)…: proc_pid_stat(5). */
  readonly state: string;
}

/** Every process of this machine that is there now. */
export const processes = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)) ?? []);

export function entryOf(pid: number): ProcessEntry | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  // The name is in parentheses and may hold spaces and parentheses itself.
  const [state, parent, group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { pid, parent: Number(parent), group: Number(group), state };
}

/**
 * When it started, in clock ticks since the machine did; with the pid it names one process. Field 22 of
 * proc_pid_stat(5).
 */
export function startOf(pid: number): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** The environment it was started with; empty for one that ended or belongs to somebody else. */
export const environmentOf = (pid: number): readonly string[] =>
  (contentOf(`/proc/${pid}/environ`) ?? '').split('\0').filter((line) => line !== '');

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended between two looks, or is not ours to read
  }
}
