import { setTimeout as wait } from 'node:timers/promises';

import { processes } from './processes.ts';

/** Sends a signal to a whole process group; false when nobody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    if (code === 'EPERM') return true; // a setuid program: there, and not ours to end
    throw e;
  }
}

/**
 * Ends a group: TERM, KILL after `grace` milliseconds. Returns when nobody is left in it, or two seconds after KILL
 * (what then remains waits inside the kernel, or belongs to somebody else).
 */
export async function endGroup(pid: number, grace: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;
  if (await gone(pid, grace)) return;
  signalGroup(pid, 'SIGKILL');
  await gone(pid, 2000);
}

async function gone(pid: number, within: number): Promise<boolean> {
  const until = performance.now() + within;
  for (let pause = 2; performance.now() < until; pause = Math.min(pause * 2, 50)) {
    if (!signalGroup(pid, 0) || onlyZombies(pid)) return true;
    await wait(pause);
  }
  return !signalGroup(pid, 0) || onlyZombies(pid);
}

/** Orphans that ended stay in the table until pid 1 collects them, which in containers may take seconds or for ever. */
function onlyZombies(group: number): boolean {
  return !processes().some((p) => p.group === group && p.state !== 'Z' && p.state !== 'X');
}

/** Groups that must not outlive this process: killed when it ends in any way it still notices. */
const mine = new Set<number>();
const killAll = (): void => mine.forEach((pid) => signalGroup(pid, 'SIGKILL'));

export function bindToOurEnd(pid: number): Disposable {
  if (mine.size === 0) process.once('exit', killAll);
  mine.add(pid);
  return {
    [Symbol.dispose]: () => {
      mine.delete(pid);
      if (mine.size === 0) process.off('exit', killAll);
    },
  };
}
