import type { Finding } from '@reprise/contracts';
import { describe, expect, test } from 'vitest';

import { damageIn, inDoubt } from './damage.ts';
import { ago, Chain, hour, point } from './fixtures.ts';

const pass: Finding = { verdict: 'pass', code: 'repository.checked', subject: 'primary', params: {} };
const fail = (code: string): Finding => ({ ...pass, verdict: 'fail', code: `repository.${code}` });
const [data, structure] = [fail('pack-damaged'), fail('index-missing')];

const body = (read: string | null, findings: readonly Finding[]) => ({
  repository: 'primary',
  read,
  findings: [...findings],
});

/** Oldest first, an hour apart: the slice that was read, and what was found. */
function damage(...checks: readonly (readonly [string | null, readonly Finding[]])[]) {
  const chain = new Chain();
  for (const [i, [read, findings]] of checks.entries())
    if (i % 2 === 0)
      chain.add('repository.maintained', { ...body(read, findings), pruned: false }, ago((9 - i) * hour));
    else chain.add('repository.checked', body(read, findings), ago((9 - i) * hour));
  return damageIn(chain.records.filter((r) => r.entry.type.startsWith('repository.')).map((r) => r.entry));
}

describe('damage stays until it is known to be mended', () => {
  test('in data: until the same slice, or all of it, is read without an error', () => {
    expect(damage(['3/30', [pass]])).toEqual(new Map());
    const found = { since: ago(9 * hour), findings: [data] };
    expect(damage(['3/30', [data]]).get('primary')).toEqual(found);
    expect(damage(['3/30', [data]], ['4/30', [pass]]).get('primary')).toEqual(found);
    expect(damage(['3/30', [data]], [null, [pass]]).get('primary')).toEqual(found);
    expect(damage(['3/30', [data]], ['4/4', [pass]]).get('primary')).toEqual(found);
    expect(damage(['3/30', [data]], ['3/30', [pass]])).toEqual(new Map());
    expect(damage(['3/30', [data]], ['1/1', [pass]])).toEqual(new Map());
    expect(damage(['1/1', [data]], ['2/30', [pass]], ['1/1', [{ ...pass, verdict: 'unable' }]])).toEqual(
      damage(['1/1', [data]]),
    );
  });

  test('in the structure: until any check passes; found again it is the same damage, since the first time', () => {
    expect(damage([null, [structure]], ['4/30', [pass]])).toEqual(new Map());
    expect(damage(['1/30', [data]], ['2/30', [data, structure]]).get('primary')).toEqual({
      since: ago(9 * hour),
      findings: [data, structure],
    });
  });

  test('whichever installation wrote it, and in whichever order it is read', () => {
    const [one, other] = [new Chain(), new Chain()];
    one.add('repository.checked', body('1/1', [data]), ago(2 * hour));
    other.add('repository.checked', body('1/1', [pass]), ago(3 * hour));
    const of = (...chains: Chain[]) =>
      damageIn(chains.flatMap((c) => c.records.slice(1).map((r) => r.entry))).size;
    expect([of(one, other), of(other, one)]).toEqual([1, 1]);
    other.add('repository.checked', body('1/1', [pass]), ago(hour));
    expect(of(one, other)).toBe(0);
  });
});

test('in a damaged repository only a copy that was read back since is known to be good', () => {
  const since = ago(2 * hour);
  const at = (read_at: string | undefined, verdict: 'pass' | 'fail' = 'pass', repository = 'primary') =>
    point({
      asOf: ago(5 * hour),
      copy: { repository, verdict, ...(read_at === undefined ? {} : { read_at }) },
    });
  const verdicts = (known = true) =>
    inDoubt(
      [
        at(undefined),
        at(ago(3 * hour)),
        at(since),
        at(ago(hour)),
        at(undefined, 'fail'),
        at(undefined, 'pass', 'copy'),
      ],
      'primary',
      known ? { since, findings: [data] } : undefined,
    ).map((p) => p.copies[0]?.verdict);
  expect(verdicts()).toEqual(['unable', 'unable', 'unable', 'pass', 'fail', 'pass']);
  expect(verdicts(false)).toEqual(['pass', 'pass', 'pass', 'pass', 'fail', 'pass']);
});
