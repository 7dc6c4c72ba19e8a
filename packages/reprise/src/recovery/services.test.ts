import { expect, test } from 'vitest';

import type { ServiceState } from '../services/service.ts';
import type { RecoveryDeps, RunLog } from './deps.ts';
import { directoryPlace, inSitu, type RecoveryPlace } from './place.ts';
import { stopService } from './services.ts';
import type { Target } from './target.ts';
import { Turns } from './turns.ts';

/** What is done to the service of a component before its data is written. */
async function stopping(
  state: ServiceState,
  at: { place?: RecoveryPlace; variables?: object; kind?: string; service?: string | null } = {},
): Promise<readonly string[]> {
  const { place = inSitu, variables = {}, kind = 'command', service = 'app' } = at;
  const events: string[] = [];
  const deps = {
    plan: { plan: { services: { app: { kind: 'command', place: variables } } } },
    turns: new Turns(),
  } as unknown as RecoveryDeps;
  const target = {
    component: { name: 'web', service },
    place,
    context: {
      signal: new AbortController().signal,
      service: { name: 'app', kind, state: async () => state, stop: async () => events.push('stop') },
    },
  } as unknown as Target;
  await stopService(deps, target, { append: (type: string) => events.push(type) } as unknown as RunLog);
  return events;
}
const elsewhere = directoryPlace('/else', new Map());

test('what runs is stopped, and journaled before', async () => {
  expect(await stopping('running')).toEqual(['service.stopped', 'stop']);
  expect(await stopping('unknown')).toEqual(['service.stopped', 'stop']);
});

test('what is not seen running is told to stop too, and nobody owes it a start', async () => {
  expect(await stopping('stopped')).toEqual(['stop']);
  const variables = { DATA: { path: '/srv/web' } };
  expect(await stopping('stopped', { place: elsewhere, variables })).toEqual(['stop']);
});

test('the live service is left alone when the data goes elsewhere; so is what cannot be asked', async () => {
  expect(await stopping('running', { place: elsewhere })).toEqual([]);
  expect(await stopping('stopped', { place: elsewhere })).toEqual([]);
  expect(await stopping('unknown', { kind: 'none', service: null })).toEqual([]);
  expect(await stopping('unknown', { kind: 'none' })).toEqual([]);
});
