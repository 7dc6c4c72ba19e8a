import { setTimeout as wait } from 'node:timers/promises';

import { RepriseError } from '../lib/errors/index.ts';
import { entryOf, environmentOf, processes } from './processes.ts';

/**
 * Processes of a run that are there now: those started with REPRISE_RUN=<run>, but not this process and its ancestors
 * (Reprise may run inside a check of another run). A guardian, and a service that a start command left, do not carry
 * it. Zombies have nothing left to end.
 */
export function processesOf(run: string): readonly number[] {
  const mine = `REPRISE_RUN=${run}`;
  const us = ancestors();
  return processes()
    .filter(
      (p) => p.state !== 'Z' && p.state !== 'X' && !us.has(p.pid) && environmentOf(p.pid).includes(mine),
    )
    .map((p) => p.pid);
}

/**
 * Ends what a killed Reprise left running and waits until it is gone: TERM, KILL after `grace` milliseconds; looks
 * again for what was born meanwhile. How many were ended. Throws `process.orphans` (exit 4) for what cannot be ended.
 */
export async function endOrphans(run: string, signal: AbortSignal, grace = 5000): Promise<number> {
  const ended = new Set<number>();
  const began = performance.now();
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    const left = processesOf(run);
    if (left.length === 0) return ended.size;
    const age = performance.now() - began;
    if (age > grace + 5000) throw new RepriseError('process.orphans', { run, pids: left.join(' ') });
    for (const pid of left) {
      // One TERM each, so that a handler that is cleaning up is not disturbed; then KILL as often as it takes.
      if (age > grace) send(pid, 'SIGKILL');
      else if (!ended.has(pid)) send(pid, 'SIGTERM');
      ended.add(pid);
    }
    await wait(pause, undefined, { signal });
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself, or is not ours to end: the next look tells.
  }
}

function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0; pid = entryOf(pid)?.parent)
    found.add(pid);
  return found;
}
