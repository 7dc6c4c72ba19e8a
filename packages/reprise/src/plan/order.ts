/**
 * The first circle found in a graph, its first name repeated at the end (`a → b → a`); null where there is none.
 * Names that are not in the graph are ignored. Iterative: a chain of any length is fine.
 */
export function cycleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const path: string[] = [start];
    const onPath = new Set(path);
    const rest: Iterator<string>[] = [neighbours(edges, start)];
    while (path.length > 0) {
      const step = (rest.at(-1) as Iterator<string>).next();
      if (step.done === true) {
        const left = path.pop() as string;
        rest.pop();
        onPath.delete(left);
        done.add(left);
      } else if (onPath.has(step.value)) return [...path.slice(path.indexOf(step.value)), step.value];
      else if (!done.has(step.value) && edges.has(step.value)) {
        path.push(step.value);
        onPath.add(step.value);
        rest.push(neighbours(edges, step.value));
      }
    }
  }
  return null;
}
const neighbours = (edges: ReadonlyMap<string, readonly string[]>, of: string): Iterator<string> =>
  (edges.get(of) as readonly string[]).values();

/**
 * Names in levels: each level depends only on earlier ones, and may be worked on at the same time. Within a level the
 * order of `preference` comes first, then the given order. What is in a circle, or behind one, is in no level: ask
 * `cycleIn` before.
 */
export function levels(
  edges: ReadonlyMap<string, readonly string[]>,
  preference: readonly string[] = [],
): readonly (readonly string[])[] {
  const rank = new Map(preference.toReversed().map((name, i) => [name, preference.length - 1 - i]));
  const waiting = new Map(
    [...edges].map(([name, on]) => [name, new Set(on.filter((d) => edges.has(d))).size] as const),
  );
  const behind = new Map<string, string[]>();
  for (const [name, on] of edges)
    for (const d of new Set(on)) {
      const list = behind.get(d);
      if (list === undefined) behind.set(d, [name]);
      else list.push(name);
    }
  const given = new Map([...edges.keys()].map((name, i) => [name, i]));
  const place = (name: string): number => rank.get(name) ?? preference.length + (given.get(name) as number);
  const result: string[][] = [];
  let level = [...edges.keys()].filter((name) => waiting.get(name) === 0);
  while (level.length > 0) {
    result.push(level.toSorted((a, b) => place(a) - place(b)));
    const next: string[] = [];
    for (const name of level)
      for (const after of behind.get(name) ?? []) {
        const left = (waiting.get(after) as number) - 1;
        waiting.set(after, left);
        if (left === 0) next.push(after);
      }
    level = next;
  }
  return result;
}

/** One order for all, dependencies first. */
export const ordered = (
  edges: ReadonlyMap<string, readonly string[]>,
  preference: readonly string[] = [],
): readonly string[] => levels(edges, preference).flat();
