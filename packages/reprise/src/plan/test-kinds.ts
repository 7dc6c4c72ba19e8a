import { z } from 'zod';

import type { AnyKind, Method, Traits } from '../kinds/kind.ts';

const refuse = (): never => {
  throw new Error('a kind for tests of plans: it is never run');
};
const method = (name: string, needsService: boolean): Method<never> => ({
  name,
  traits: {
    restoresInto: needsService ? 'running' : 'stopped',
    consistency: 'transaction',
    chain: 'full',
    needsService,
    inspects: 'parsed',
  } satisfies Traits,
  preflight: refuse,
  capture: refuse,
  inspect: refuse,
  forecast: refuse,
  restore: refuse,
  byHand: refuse,
});
const kind = (name: string, spec: z.ZodObject, methods: readonly Method<never>[], query: boolean): AnyKind =>
  ({
    name,
    spec,
    methods: Object.fromEntries(methods.map((m) => [m.name, m])),
    defaultMethod: methods[0]?.name ?? 'none',
    defaultLevel: 'stored',
    discover: refuse,
    relocate: refuse,
    isVacant: refuse,
    clear: refuse,
    verify: refuse,
    ...(query ? { query: refuse } : {}),
    ...('path' in spec.shape ? { paths: (of: { readonly path: string }) => [of.path] } : {}),
  }) as unknown as AnyKind;

/** A database that must be asked, a folder, and something without data: enough for every decision of a plan. */
export const testKinds: ReadonlyMap<string, AnyKind> = new Map(
  [
    kind(
      'database',
      z.strictObject({ port: z.int().min(1).max(65_535).default(5432), password: z.string().optional() }),
      [method('logical', true), method('physical', false)],
      true,
    ),
    kind(
      'folder',
      z.strictObject({ path: z.string().regex(/^\//, { error: 'absolute-path' }) }),
      [method('tree', false)],
      false,
    ),
    kind('nothing', z.strictObject({}), [], false),
  ].map((k) => [k.name, k]),
);

/** A plan without errors, to be spoilt by tests. */
export const goodPlan = `version: 1
system: shop
language: fr
objectives: { rpo: 24h, rto: 8h }
services:
  server: { kind: none }
  app:
    kind: command
    start: { argv: [systemctl, start, app] }
    stop: { argv: [systemctl, stop, app] }
    ready: { argv: [curl, -f, http://localhost] }
    place: { APP_PORT: { port: 8000 } }
tiers:
  critical: { rpo: 24h, rto: 4h, mtd: 8h, tolerance: 15m }
repositories:
  near: { url: /srv/backup, retention: { daily: 7 } }
  far: { url: "rest:https://far.example/shop", role: copy, off_site: true }
protections:
  nightly: { schedule: "30 2 * * *", timezone: Europe/Paris, repositories: [near, far] }
components:
  db:
    kind: database
    tier: critical
    service: server
    checks: [{ name: alive, kind: sql, query: select 1, owner: dba }]
  uploads:
    kind: folder
    path: /srv/uploads
    tier: critical
    service: app
    depends_on: [db]
  web:
    kind: nothing
    depends_on: [db, uploads]
    rebuild: { from: command, command: { argv: [make, web] } }
groups:
  data: { components: [db, uploads], captures: [nightly], hold: { services: [app], how: stop } }
recovery: { order: [db, uploads] }
scenarios:
  fire:
    title: Incendie
    steps: [{ manual: Appeler les pompiers, owner: dba }, { recover: all }]
people:
  ada: { name: Ada, phone: "+33 1 23 45 67 89" }
roles:
  dba: { primary: ada }
`;
