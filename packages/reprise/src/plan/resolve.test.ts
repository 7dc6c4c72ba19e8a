import { describe, expect, test } from 'vitest';

import { loadPlan } from './load.ts';
import { defaultHost } from './resolve.ts';
import type { ResolvedPlan } from './resolved.ts';
import { testKinds } from './test-kinds.ts';

const head = `version: 1
system: shop
objectives: { rpo: 24h, rto: 8h }
tiers: { gold: { rpo: 1h } }
hosts: { vps: { kind: local } }
services: { pg: { kind: none } }
repositories: { near: { url: /near, retention: { last: 3 } }, far: { url: /far, role: copy } }
protections:
  nightly: { schedule: "0 3 * * *", repositories: [near] }
  hourly: { schedule: "0 * * * *", repositories: [near], keep: { last: 7 } }
`;
function resolved(rest: string): ResolvedPlan {
  const { plan, problems } = loadPlan({ file: 'p', text: head + rest, env: {}, kinds: testKinds });
  expect(problems).toEqual([]);
  return plan as ResolvedPlan;
}

test('the default host: the one called local, else the only one', () => {
  const host = { kind: 'local' } as const;
  expect(defaultHost({ hosts: { vps: host, local: host } })).toBe('local');
  expect(defaultHost({ hosts: { vps: host } })).toBe('vps');
  expect(defaultHost({ hosts: {} })).toBe('local');
});

describe('what a component leaves unsaid', () => {
  const plan = resolved(`components:
  plain: { kind: folder, path: /a, captures: [nightly] }
  tiered: { kind: folder, path: /b, tier: gold, captures: [hourly] }
  member: { kind: folder, path: /c }
  first: { kind: folder, path: /d }
groups:
  site: { components: [member, first], order: [first], captures: [hourly] }
`);
  const of = (name: string) => plan.components.get(name);

  test('objectives are its tier’s, whole, else the system’s', () => {
    const hour = 3_600_000;
    expect(of('plain')?.objectives).toMatchObject({ rpo: 24 * hour, rto: 8 * hour });
    expect(of('tiered')?.objectives).toMatchObject({ rpo: hour });
    expect(of('tiered')?.objectives.rto).toBeUndefined(); // not mixed with the system's
  });

  test('a member is captured with its group, in its order', () => {
    expect(of('member')).toMatchObject({
      group: 'site',
      protections: ['hourly'],
      host: 'vps',
      service: null,
    });
    expect(of('plain')).toMatchObject({ group: null, protections: ['nightly'] });
    expect(plan.groups.get('site')?.members).toEqual(['first', 'member']);
  });

  test('retention: the protection’s own, else the repository’s, else none; a name is no property of an object', () => {
    expect(plan.retention('hourly', 'near')).toMatchObject({ last: 7 });
    expect(plan.retention('hourly', 'far')).toMatchObject({ last: 7 });
    expect(plan.retention('nightly', 'near')).toMatchObject({ last: 3 });
    expect(plan.retention(null, 'near')).toMatchObject({ last: 3 });
    expect(plan.retention('nightly', 'far')).toBeUndefined();
    expect(plan.retention('gone', 'gone')).toBeUndefined();
    expect(plan.retention('constructor', 'constructor')).toBeUndefined();
  });

  test('the hash is of the bytes of the file', () => {
    const text = `${head}components: { a: { kind: folder, path: /a, captures: [nightly] } }\n`;
    const hash = (bytes: string) =>
      loadPlan({ file: 'p', text: bytes, env: {}, kinds: testKinds }).plan?.hash;
    expect(hash(text)).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(`${text}\n`)).not.toBe(hash(text));
  });
});
