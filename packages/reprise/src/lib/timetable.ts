/** Work of a known length, to be done on a host once others have ended. */
export interface Task {
  readonly name: string;
  /** Those that are not among the tasks are taken as done. */
  readonly after: readonly string[];
  readonly host: string;
  readonly ms: number;
}
export interface Slot {
  /** Counted from the beginning; milliseconds. */
  readonly end: number;
  /** What it waited for last: what it needs, or what had its place on the host; null: nothing. */
  readonly behind: string | null;
}

/**
 * When each ends, if all are started as `runs/engine.ts` starts steps: whatever has all it waits for, in the order
 * given, at most `slots` at the same time on a host. What waits in a circle is never started and is left out.
 */
export function timetable(tasks: readonly Task[], slots: number): ReadonlyMap<string, Slot> {
  const known = new Map(tasks.map((task, i) => [task.name, i]));
  const waiting = tasks.map(({ after }) => new Set(after.filter((name) => known.has(name))));
  const behind = Map.groupBy(
    tasks.flatMap((_, i) => [...(waiting[i] as Set<string>)].map((on) => ({ on, i }))),
    (edge) => edge.on,
  );
  const left = waiting.map((on) => on.size);
  const hosts = new Map<string, { free: number; readonly ready: number[] }>();
  const hostOf = (i: number) => {
    const { host } = tasks[i] as Task;
    const found = hosts.get(host) ?? { free: slots, ready: [] };
    hosts.set(host, found);
    return found;
  };
  const result = new Map<string, Slot>();
  /** The task that ended last before each could begin, and when. */
  const released = tasks.map((): Freed => ({ at: 0, by: null }));
  for (const [i, count] of left.entries()) if (count === 0) insert(hostOf(i).ready, i);

  const running: Running[] = [];
  const start = (now: number, freed: string | null): void => {
    for (const host of hosts.values())
      while (host.free > 0 && host.ready.length > 0) {
        const i = host.ready.shift() as number;
        const { name, ms } = tasks[i] as Task;
        const { at, by } = released[i] as Freed;
        host.free -= 1;
        running.push({ i, end: now + ms });
        result.set(name, { end: now + ms, behind: at === now ? by : freed });
      }
  };
  start(0, null);
  while (running.length > 0) {
    const next = running.reduce((a, b) => (b.end < a.end || (b.end === a.end && b.i < a.i) ? b : a));
    running.splice(running.indexOf(next), 1);
    const { name } = tasks[next.i] as Task;
    hostOf(next.i).free += 1;
    for (const { i } of behind.get(name) ?? []) {
      released[i] = { at: next.end, by: name };
      left[i] = (left[i] as number) - 1;
      if (left[i] === 0) insert(hostOf(i).ready, i);
    }
    start(next.end, name);
  }
  return result;
}

interface Running {
  readonly i: number;
  readonly end: number;
}
interface Freed {
  readonly at: number;
  readonly by: string | null;
}

/** Ascending. */
function insert(sorted: number[], value: number): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}

/** All that this one waited for, one after the other, itself last. */
export function wayTo(name: string, slots: ReadonlyMap<string, Slot>): readonly string[] {
  const way: string[] = [];
  for (let at: string | null = name; at !== null; at = slots.get(at)?.behind ?? null) way.push(at);
  return way.toReversed();
}
