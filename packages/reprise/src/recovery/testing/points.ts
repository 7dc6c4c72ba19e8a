import type { Point } from '@reprise/contracts';

/** A good, committed point of `component` as of `at`, in the repository `main`. */
export function aPoint(component: string, at: string, more: Partial<Point> = {}): Point {
  const id = `${component}@${at}`;
  return {
    id,
    component,
    kind: 'shelf',
    method: 'whole',
    run: '00000000-0000-4000-8000-00000000000a',
    installation: '00000000-0000-4000-8000-000000000001',
    epoch: 1,
    at,
    as_of: { from: at, to: at, clock: 'server', offset_ms: 0 },
    bytes: 1000,
    level: 'parsed',
    verdict: 'pass',
    drilled_at: null,
    plan: 'a'.repeat(64),
    protection: 'daily',
    tools: {},
    server: null,
    inventory: { v: 1, items: [] },
    group: null,
    capture_ms: 10,
    fork: false,
    future: false,
    copies: [aCopy('main', `${component}/${at}`)],
    ...more,
  };
}

export const aCopy = (
  repository: string,
  snapshot: string,
  more: Partial<Point['copies'][number]> = {},
): Point['copies'][number] => ({
  repository,
  parts: [{ name: 'db.x', form: 'stream', snapshot, bytes: 1000 }],
  level: 'parsed',
  verdict: 'pass',
  committed: true,
  ...more,
});
