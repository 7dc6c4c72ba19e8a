import { expect, test } from 'vitest';

import { recoveryOrder, type Node } from './order.ts';

const node = (name: string, more: Partial<Node> = {}): Node => ({
  name,
  dependsOn: [],
  service: null,
  into: 'stopped',
  rebuilds: false,
  ...more,
});
const after = (nodes: readonly Node[], preference?: readonly string[]) =>
  Object.fromEntries(recoveryOrder(nodes, preference).map((s) => [s.name, s.after.toSorted()]));

test('a component waits for the checks of what it depends on; branches are independent', () => {
  const order = after([
    node('web', { dependsOn: ['db', 'conf'] }),
    node('db', { into: 'running', service: 'pg', rebuilds: true }),
    node('conf'),
  ]);
  expect(order).toEqual({
    'rebuild:db': [],
    'restore:db': ['rebuild:db'],
    'check:db': ['restore:db'],
    'restore:conf': [],
    'check:conf': ['restore:conf'],
    'restore:web': ['check:conf', 'check:db'],
    'check:web': ['restore:web'],
  });
});

test('a service starts only when all data that lives in it is back', () => {
  const order = after([node('rows', { service: 'app' }), node('uploads', { service: 'app' })]);
  expect(order['check:rows']).toEqual(['restore:rows', 'restore:uploads']);
  expect(order['check:uploads']).toEqual(['restore:rows', 'restore:uploads']);
});

test('one that depends on another of the same service waits for its data, not for the service', () => {
  const order = after([
    node('uploads', { service: 'app', dependsOn: ['rows'] }),
    node('rows', { service: 'app' }),
  ]);
  expect(order['restore:uploads']).toEqual(['restore:rows']);
  expect(order['check:rows']).toEqual(['restore:rows', 'restore:uploads']);
});

test('also through other services', () => {
  const order = after([
    node('uploads', { service: 'app', dependsOn: ['cache'] }),
    node('cache', { service: 'redis', dependsOn: ['rows'] }),
    node('rows', { service: 'app' }),
  ]);
  expect(order['restore:cache']).toEqual(['restore:rows']);
  expect(order['restore:uploads']).toEqual(['restore:cache']);
  expect(order['check:rows']).toEqual(['restore:rows', 'restore:uploads']);
});

test('a server is rebuilt before anything is restored into it, and filled while nothing else of it is missing', () => {
  const order = after([
    node('one', { service: 'pg', into: 'running', rebuilds: true }),
    node('two', { service: 'pg', into: 'running' }),
    node('files', { service: 'pg' }),
  ]);
  expect(order['restore:two']).toEqual(['rebuild:one', 'restore:files']);
  expect(order['restore:one']).toEqual(['rebuild:one', 'restore:files']);
});

const names = (p?: string[]) =>
  recoveryOrder([node('a', { dependsOn: ['elsewhere'] }), node('b'), node('c', { dependsOn: ['b'] })], p)
    .filter((s) => s.act === 'restore')
    .map((s) => s.component);

test('ties are broken by preference, dependencies come first; strangers are taken as being there', () => {
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(names(['c', 'b'])).toEqual(['b', 'c', 'a']);
});

test('a circle has no order', () => {
  const circle = [node('a', { dependsOn: ['b'] }), node('b', { dependsOn: ['a'] })];
  expect(() => recoveryOrder(circle)).toThrow(expect.objectContaining({ code: 'recovery.cycle' }));
  const server = [
    node('db', { service: 's', into: 'running' }),
    node('f', { service: 's', dependsOn: ['db'] }),
  ];
  expect(() => recoveryOrder(server)).toThrow(expect.objectContaining({ code: 'recovery.cycle' }));
});
