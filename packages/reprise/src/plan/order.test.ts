import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cycleIn, levels, ordered } from './order.ts';

const graph = (edges: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(edges));

describe('order', () => {
  it('levels by dependencies, ties by preference, then as given', () => {
    const edges = graph({ web: ['app'], app: ['db', 'files'], files: [], db: [], mail: [] });
    expect(levels(edges)).toEqual([['files', 'db', 'mail'], ['app'], ['web']]);
    expect(levels(edges, ['mail', 'db'])).toEqual([['mail', 'db', 'files'], ['app'], ['web']]);
    expect(ordered(edges, ['web', 'db', 'db'])).toEqual(['db', 'files', 'mail', 'app', 'web']);
  });
  it('dependencies outside, or named twice, do not matter', () => {
    expect(levels(graph({ a: ['b', 'b', 'elsewhere'], b: [] }))).toEqual([['b'], ['a']]);
    expect(cycleIn(graph({ a: ['elsewhere'] }))).toBeNull();
  });
  it('a circle is named, and is in no level', () => {
    expect(cycleIn(graph({ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }))).toEqual(['a', 'b', 'c', 'a']);
    expect(cycleIn(graph({ a: ['a'] }))).toEqual(['a', 'a']);
    expect(cycleIn(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toBeNull();
    expect(levels(graph({ a: ['b'], b: ['a'], c: [] }))).toEqual([['c']]);
  });
  it('a chain of 100,000 does not exhaust the stack', () => {
    const edges = new Map(Array.from({ length: 100_000 }, (_, i) => [`c${i}`, i === 0 ? [] : [`c${i - 1}`]]));
    expect(cycleIn(edges)).toBeNull();
    expect(levels(edges)).toHaveLength(100_000);
  });
  it('either there is a circle, or everything is ordered after what it depends on', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const some = fc.record(Object.fromEntries(names.map((n) => [n, fc.subarray(names)])));
    fc.assert(
      fc.property(some, fc.shuffledSubarray(names), (edges, preference) => {
        const order = ordered(graph(edges), preference);
        const circle = cycleIn(graph(edges));
        expect(circle === null).toBe(order.length === names.length);
        for (const [i, name] of order.entries())
          for (const d of edges[name] as readonly string[]) expect(order.indexOf(d)).toBeLessThan(i);
      }),
    );
  });
});
