import { PassThrough, Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { main } from './main.ts';

/** Takes nothing: every write fails as the system would say it. */
const failing = (code: string): Writable =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

async function run(argv: readonly string[], stdout: Writable) {
  let said = '';
  const stderr = new Writable({
    write: (chunk, _encoding, done) => {
      said += String(chunk);
      done();
    },
  });
  const code = await main({ argv, env: { LC_ALL: 'C' }, stdin: new PassThrough(), stdout, stderr });
  return { code, said };
}

test.for([['plan', 'schema'], ['--help']])(
  'what could not be written for lack of room was not told: %s',
  async (argv) => {
    const { code, said } = await run(argv, failing('ENOSPC'));
    expect(code).toBe(1);
    expect(said).toContain('(cli.output-lost)');
    expect(await run(argv, failing('EPIPE'))).toEqual({ code: 0, said: '' }); // `| head`
  },
);

test('what failed by itself keeps its exit code', async () => {
  const { code, said } = await run(['--json', 'nonsense'], failing('ENOSPC'));
  expect(code).toBe(2);
  expect(said).toContain('(cli.output-lost)');
});
