import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Inventory, PlanCheck } from '@reprise/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import { stopwatch } from '../measure.ts';
import { directoryPlace, inSitu, type RecoveryPlace } from '../place.ts';
import type { Target } from '../target.ts';
import { filesCheck } from './files.ts';
import { runChecks, untilItPasses } from './index.ts';
import { quoted, recordedRows } from './rows.ts';

let folder: string;
let port: number;
let tries = 0;
const signal = new AbortController().signal;
const server = createServer((request, response) => {
  tries += 1;
  const status = Number(/^\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
  if (request.url === '/slow') return;
  const ready = request.url !== '/warming' || tries > 2;
  response.writeHead(ready ? status : 503, status === 302 ? { location: '/200' } : {});
  response.end('all is well');
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'checks-'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const answers = new Map<string, string | null | undefined | Error>();
const inventory: Inventory = {
  v: 1,
  items: [
    { name: 'public.users', type: 'table', values: { database: 'app', rows: 3 } },
    { name: 'audit."Log"', type: 'partitioned', values: { database: 'app', rows: 7 } },
    { name: 'public.users', type: 'table', values: { database: 'other', rows: 4 } },
    { name: 'public.stale', type: 'table', values: { database: 'app', rows: null } },
  ],
};
function at(
  place: RecoveryPlace = inSitu,
  variables: Readonly<Record<string, string>> | null = { DATA: 'x' },
) {
  const host = localHost({ clock: systemClock, run: null, scratchRoot: folder });
  const kind = {
    query: async (_: unknown, __: unknown, ___: unknown, sql: string) => {
      const answer = answers.get(sql);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const target = {
    component: { name: 'web' },
    kind,
    spec: {},
    place,
    context: { host, signal, clock: systemClock },
  };
  return { target: target as unknown as Target, place, inventory, variables };
}
const judge = async (check: object, where = at()) =>
  await untilItPasses({ name: 'c', max_duration: 150, ...check } as PlanCheck, where, systemClock, signal);
const verdict = async (check: object, where = at()) => {
  const { verdict: v, params } = await judge(check, where);
  return [v, params['problem']];
};

describe('sql', () => {
  test.each([
    ['1', undefined, 'pass', null],
    ['0', undefined, 'pass', null],
    ['f', undefined, 'fail', 'false'],
    ['false', undefined, 'fail', 'false'],
    ['f', 'f', 'pass', null],
    ['2', '3', 'fail', 'value'],
    [null, undefined, 'fail', 'null'],
    [null, '', 'fail', 'null'],
    [undefined, undefined, 'fail', 'no-row'],
    [new Error('gone'), undefined, 'fail', 'error'],
  ])('%s, expected %s: %s', async (answer, expect_, expected, problem) => {
    answers.set('q', answer);
    const check = { kind: 'sql', query: 'q', ...(expect_ === undefined ? {} : { expect: expect_ }) };
    expect(await verdict(check)).toEqual([expected, problem]);
  });

  test('a kind that cannot be queried is not judged', async () => {
    const where = at();
    expect(
      await verdict(
        { kind: 'sql', query: 'q' },
        { ...where, target: { ...where.target, kind: {} as never } },
      ),
    ).toEqual(['unable', 'no-query']);
  });
});

const count = (rows: string | null) => answers.set('select count(*) from "users"', rows);

describe('rows', () => {
  test('exactly as recorded, or at least min', async () => {
    const check = { kind: 'rows', table: 'users', database: 'app' };
    count('3');
    expect(await verdict(check)).toEqual(['pass', null]);
    count('2');
    expect(await verdict(check)).toEqual(['fail', 'differs']);
    expect(await verdict({ ...check, min: 2 })).toEqual(['pass', null]);
    expect(await verdict({ ...check, min: 3 })).toEqual(['fail', 'fewer']);
    count('many');
    expect(await verdict(check)).toEqual(['fail', 'value']);
    count(null);
    expect(await verdict(check)).toEqual(['fail', 'null']);
  });

  test('without anything recorded it is not judged', async () => {
    expect(await verdict({ kind: 'rows', table: 'nobody' })).toEqual(['unable', 'not-recorded']);
    expect(await verdict({ kind: 'rows', table: 'users' }, { ...at(), inventory: null as never })).toEqual([
      'unable',
      'not-recorded',
    ]);
  });

  test('names: quoted for SQL, found with or without quotes, schema and database', () => {
    expect(quoted('users')).toBe('"users"');
    expect(quoted('audit."Odd.""Log"')).toBe('"audit"."Odd.""Log"');
    expect(recordedRows(inventory, 'audit.Log', undefined)).toBe(7);
    expect(recordedRows(inventory, 'public.users', 'other')).toBe(4);
    expect(recordedRows(inventory, 'users', undefined)).toBeNull();
    expect(recordedRows(inventory, 'stale', 'app')).toBeNull();
  });
});

const page = (path: string, more = {}) => ({
  kind: 'http',
  url: `http://127.0.0.1:${port}${path}`,
  status: 200,
  ...more,
});

describe('http', () => {
  test('the status asked for, and the text', async () => {
    expect(await verdict(page('/'))).toEqual(['pass', null]);
    expect(await verdict(page('/', { contains: 'is well' }))).toEqual(['pass', null]);
    expect(await verdict(page('/', { contains: 'not here' }))).toEqual(['fail', 'text']);
    expect(await verdict(page('/500'))).toEqual(['fail', 'status']);
  });

  test('a redirect is not followed and is a fail; nobody there, or no answer in time, too', async () => {
    expect(await verdict(page('/302'))).toEqual(['fail', 'redirect']);
    expect(await verdict({ kind: 'http', url: 'http://127.0.0.1:1/', status: 200 })).toEqual([
      'fail',
      'unreachable',
    ]);
    expect(await verdict(page('/slow'))).toEqual(['fail', 'timeout']);
  });

  test('tried again until it is ready', async () => {
    tries = 0;
    const found = await judge(page('/warming', { max_duration: 5000 }));
    expect(found).toMatchObject({ verdict: 'pass', params: { tries: 3 } });
  });

  test('what could be a credential in the address is not repeated', async () => {
    const url = `http://ada:s3cret@127.0.0.1:${port}/?token=s3cret`;
    const found = await judge({ kind: 'http', url, status: 200 });
    expect(found.verdict).toBe('pass');
    expect(JSON.stringify(found)).not.toContain('s3cret');
    const nobody = await judge({
      kind: 'http',
      url: 'http://ada:s3cret@127.0.0.1:1/?token=s3cret',
      status: 200,
    });
    expect(JSON.stringify(nobody)).not.toContain('s3cret');
  });

  test('in another place its own ports are asked, and the live system never', async () => {
    const place = directoryPlace('/x', new Map([[8080, port]]));
    expect(await verdict({ kind: 'http', url: 'http://localhost:8080/', status: 200 }, at(place))).toEqual([
      'pass',
      null,
    ]);
    expect(await verdict(page('/'), at(place))).toEqual(['unable', 'elsewhere']);
    expect(await verdict({ kind: 'http', url: 'https://shop.example/', status: 200 }, at(place))).toEqual([
      'unable',
      'elsewhere',
    ]);
  });
});

test('tcp: something listens, or not', async () => {
  expect(await verdict({ kind: 'tcp', host: '127.0.0.1', port })).toEqual(['pass', null]);
  expect(await verdict({ kind: 'tcp', host: '127.0.0.1', port: 1 })).toEqual(['fail', 'unreachable']);
  const place = directoryPlace('/x', new Map([[5432, port]]));
  expect(await verdict({ kind: 'tcp', host: '127.0.0.1', port: 5432 }, at(place))).toEqual(['pass', null]);
  expect(await verdict({ kind: 'tcp', host: '127.0.0.1', port }, at(place))).toEqual(['unable', 'elsewhere']);
});

const shell = (script: string, more = {}) => ({
  kind: 'command',
  command: { argv: ['sh', '-c', script], env: {}, secrets: {}, timeout: 2000, ...more },
});

describe('command', () => {
  test('exit 0, with the place’s variables', async () => {
    expect(await verdict(shell('test "$DATA" = x'))).toEqual(['pass', null]);
    expect(await verdict(shell('exit 3'))).toEqual(['fail', 'exit']);
    expect(await verdict(shell('exec sleep 5', { timeout: 50 }))).toEqual(['fail', 'timeout']);
    expect(await verdict(shell('true'), at(inSitu, null))).toEqual(['unable', 'elsewhere']);
  });

  test('a program that is not there cannot judge anything', async () => {
    expect(
      await verdict({
        kind: 'command',
        command: { argv: ['/nonexistent/probe'], env: {}, secrets: {}, timeout: 1000 },
      }),
    ).toEqual(['unable', 'error']);
  });
});

/** One try, however long it takes: these start programs. */
const looked = async (check: object, where = at()) => {
  const { verdict: v, problem } = await filesCheck.probe(check as never, { ...where, signal });
  return [v, problem];
};
const folderCheck = (more = {}) => ({ kind: 'files', path: '/srv/up', min: 2, contains: [], ...more });

test('files: enough of them, and the named ones, at the place', async () => {
  mkdirSync(join(folder, 'tree/srv/up/deep'), { recursive: true });
  for (const name of ['a', 'deep/b']) writeFileSync(join(folder, 'tree/srv/up', name), 'x');
  const place = directoryPlace(join(folder, 'tree'), new Map());
  expect(await looked(folderCheck(), at(place))).toEqual(['pass', null]);
  expect(await looked(folderCheck({ min: 3 }), at(place))).toEqual(['fail', 'fewer']);
  expect(await looked(folderCheck({ contains: ['deep/b'] }), at(place))).toEqual(['pass', null]);
  expect(await looked(folderCheck({ contains: ['c'] }), at(place))).toEqual(['fail', 'missing']);
  expect(await looked(folderCheck({ path: '/nowhere' }), at(place))).toEqual(['fail', 'missing']);
  expect(await looked(folderCheck({ path: '/srv/up/a', min: 1 }), at(place))).toEqual(['pass', null]);
});

test('files: behind a symbolic link they are counted too, the link itself is none of them', async () => {
  const [data, link] = [join(folder, 'data'), join(folder, 'link')];
  mkdirSync(data);
  symlinkSync(data, link);
  const check = { ...folderCheck(), path: link, min: 1 };
  expect(await looked(check)).toEqual(['fail', 'fewer']);
  for (const name of ['a', 'b']) writeFileSync(join(data, name), 'x');
  expect(await looked({ ...check, min: 2 })).toEqual(['pass', null]);
  // What the link was restored as may lead out of another place, to the live system.
  const place = directoryPlace(join(folder, 'other'), new Map());
  mkdirSync(join(folder, 'other/srv'), { recursive: true });
  symlinkSync(data, join(folder, 'other/srv/up'));
  expect(await looked(folderCheck(), at(place))).toEqual(['unable', 'elsewhere']);
  rmSync(data, { recursive: true });
  expect(await looked(check)).toEqual(['fail', 'missing']);
});

test('no checks: not judged, nothing measured; one that fails leaves the time unmeasured', async () => {
  const plan = { plan: { services: {} } };
  const watch = stopwatch(systemClock, new Date(), true);
  const run = async (checks: object[]) => {
    const { target } = at();
    const component = { name: 'web', service: null, common: { checks } };
    const probed = { ...target, component } as unknown as Target;
    return await runChecks({ plan, clock: systemClock } as never, probed, { inventory }, watch);
  };
  expect(await run([])).toMatchObject({
    passedAt: null,
    findings: [{ verdict: 'unable', code: 'recovery.no-checks' }],
  });
  const up = { kind: 'tcp', name: 'up', host: '127.0.0.1', port, max_duration: 100 };
  expect((await run([up])).passedAt).toBeTypeOf('number');
  expect((await run([up, { ...up, port: 1 }])).passedAt).toBeNull();
});

test('an abort is no answer', async () => {
  const stop = new AbortController();
  const asked = untilItPasses(
    { kind: 'http', name: 'c', url: `http://127.0.0.1:${port}/slow`, status: 200, max_duration: 9000 },
    at(),
    systemClock,
    stop.signal,
  );
  stop.abort(new Error('stop'));
  await expect(asked).rejects.toThrow('stop');
});

test('what could not be asked says why by the system’s code, never by the name of a class', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port: nobody } = closed.address() as AddressInfo;
  closed.close();
  const asked = async (url: string) =>
    await untilItPasses(
      { kind: 'http', name: 'c', url, status: 200, max_duration: 100 },
      at(),
      systemClock,
      new AbortController().signal,
    );
  expect((await asked(`http://127.0.0.1:${nobody}/`)).params['got']).toBe('ECONNREFUSED');
  expect((await asked('http://127.0.0.1:1/')).params['got']).toBeNull(); // a port that fetch refuses to ask
});
