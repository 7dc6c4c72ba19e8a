import type { StateCandidate } from '@reprise/contracts';
import { describe, expect, test } from 'vitest';

import { furthest, type ListedState } from './bootstrap-search.ts';

interface Stored {
  readonly id: string;
  /** Hours; what the listing says. */
  readonly at: number;
  readonly tag?: string;
  readonly epoch?: number;
  readonly seq: number;
  readonly role?: 'writer' | 'maintainer';
  /** Signed by another key, or well signed and rewritten. */
  readonly lie?: 'foreign' | 'rewritten';
  /** States that its journal names. */
  readonly names?: readonly string[];
}

async function search(stored: readonly Stored[], most = 100, first = 1) {
  const calls = { heads: [] as string[], reads: [] as string[], open: 0 };
  const of = (id: string): Stored => stored.find((s) => s.id === id) as Stored;
  const found = await furthest(
    stored.map(({ id, at, tag = 'a' }): ListedState => ({
      id,
      time: new Date(at * 3_600_000),
      installation: tag,
    })),
    {
      head: async ({ id }): Promise<StateCandidate> => {
        calls.heads.push(id);
        const { epoch = 1, seq, role = 'writer', lie } = of(id);
        const head = { installation: 'i', epoch, seq, hash: id };
        const valid = lie !== 'foreign';
        return { snapshot: id, head, at: '', system: 's', role, valid, why: valid ? null : 'foreign' };
      },
      read: async (id) => {
        calls.reads.push(id);
        if (of(id).lie === 'rewritten') throw new Error('state.rewritten');
        calls.open += 1;
        return { id, [Symbol.dispose]: () => void (calls.open -= 1) };
      },
      earlier: ({ id }) => of(id).names ?? [],
      isFalse: (e) => ((e as Error).message === 'state.rewritten' ? 'rewritten' : undefined),
    },
    { most, first },
  );
  return { ...found, calls };
}

const honest: readonly Stored[] = [...Array(40).keys()].map((i) => ({
  id: `s${i}`,
  at: i,
  seq: i * 10 + 1,
  names: [...Array(i).keys()].map((n) => `s${n}`),
}));

describe('the state that reaches furthest', () => {
  test('of an honest repository: one head, one reading', async () => {
    const { chosen, calls, unread } = await search(honest);
    expect(chosen?.id).toBe('s39');
    expect(calls).toEqual({ heads: ['s39'], reads: ['s39'], open: 1 });
    expect(unread).toBe(0);
  });

  test.for([
    ['well signed and rewritten', (i: number) => ({ lie: 'rewritten' as const, seq: 900 + i })],
    ['signed by another key', (i: number) => ({ lie: 'foreign' as const, seq: 900 + i })],
    ['true old ones, stored anew', () => ({ seq: 11, names: ['s0'] })],
    ['true old ones under other tags', (i: number) => ({ seq: 11, names: ['s0'], tag: `t${i}` })],
  ] as const)('is not hidden by newer states: %s', async ([, lie]) => {
    const false_ = [...Array(8).keys()].map((i): Stored => ({ id: `x${i}`, at: 100 + i, ...lie(i) }));
    const { chosen, candidates, calls } = await search([...honest, ...false_]);
    expect(chosen?.id).toBe('s39');
    expect(candidates[0]?.snapshot).toBe('s39');
    expect(calls.open).toBe(1);
    expect(calls.heads.length).toBeLessThan(40);
  });

  test('its clock went back: a listing’s times decide nothing', async () => {
    const { chosen } = await search([...honest, { id: 'late', at: -50, seq: 999, names: ['s39'] }]);
    expect(chosen?.id).toBe('late');
  });

  test('the epoch counts before the sequence', async () => {
    const { chosen } = await search([...honest, { id: 'next', at: 50, tag: 'b', epoch: 2, seq: 3 }]);
    expect(chosen?.id).toBe('next');
  });

  test('a maintainer’s is never gone on from; its own earlier states are not looked at', async () => {
    const maintainer = [...Array(20).keys()].map((i): Stored => ({
      id: `m${i}`,
      at: 60 + i,
      tag: 'm',
      role: 'maintainer',
      seq: 5000 + i,
      names: [...Array(i).keys()].map((n) => `m${n}`),
    }));
    const { chosen, calls } = await search([...honest, ...maintainer]);
    expect(chosen?.id).toBe('s39');
    expect(calls.heads.toSorted()).toEqual(['m19', 's39']);
    expect(calls.open).toBe(1);
  });

  test('more false ones than can be looked at are said', async () => {
    const flood = [...Array(50).keys()].map((i): Stored => ({
      id: `x${i}`,
      at: 100 + i,
      lie: 'foreign',
      seq: 1,
    }));
    const { chosen, unread } = await search([...honest, ...flood], 20);
    expect(chosen).toBeUndefined();
    expect(unread).toBe(70);
  });

  test('none is true: why the first was not', async () => {
    const { chosen, failed } = await search([{ id: 'x', at: 1, seq: 1, lie: 'rewritten' }]);
    expect(chosen).toBeUndefined();
    expect(failed).toMatchObject({ message: 'state.rewritten' });
  });
});
