import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { processes } from '../../packages/reprise/src/hosts/processes.ts';

/** Sends a signal to a whole process group; nobody left to get it is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    // 0 would be our own group.
    if (group > 1) process.kill(-group, signal);
  } catch {
    // All had ended by themselves.
  }
}

/**
 * Waits until nobody of the group is left, for `patience` milliseconds at most, then ends the rest. Resolves with what
 * was left, for a suite that leaves processes running is not a good one. Without /proc (not Linux) nobody is seen.
 */
export async function emptied(group: number, patience: number): Promise<string | undefined> {
  const end = performance.now() + patience;
  let left = members(group);
  while (left.length > 0 && performance.now() < end) {
    await sleep(50);
    left = members(group);
  }
  if (left.length === 0) return undefined;
  const names = left.map((pid) => `${nameOf(pid)} (${pid})`);
  signalGroup(group, 'SIGKILL');
  return `left running: ${names.join(', ')}`;
}

/** Zombies do not count: they have ended, and nobody may ever collect them. */
function members(group: number): readonly number[] {
  try {
    return processes()
      .filter((p) => p.group === group && p.state !== 'Z')
      .map((p) => p.pid);
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '?'; // ended while we looked
  }
}
