import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

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
 * Waits until nobody of the group is left, 5 s at most, then ends the rest. Resolves with what was left, for a suite that
 * leaves processes running is not a good one. Without /proc (not Linux) nobody is seen.
 */
export async function emptied(group: number): Promise<string | undefined> {
  const end = performance.now() + 5000;
  let left = members(group);
  while (left.length > 0 && performance.now() < end) {
    await sleep(50);
    left = members(group);
  }
  if (left.length === 0) return undefined;
  signalGroup(group, 'SIGKILL');
  return `left running: ${left.join(', ')}`;
}

/** Names of the group's processes. Zombies do not count: they have ended, and nobody may ever collect them. */
function members(group: number): string[] {
  let all: string[];
  try {
    all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return all.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // `pid (name) state ppid pgrp …`; the name may hold anything, brackets too.
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      return Number(pgrp) === group && state !== 'Z' ? [`${name} (${pid})`] : [];
    } catch {
      return []; // ended while we looked
    }
  });
}
