// The application of the test world: one sentence over HTTP. `start PORT PIDFILE` returns when it answers, `stop PIDFILE`
// when it is gone, `ready PORT` exits with 0 when it answers.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';

const [, , what, a, b] = process.argv;
const answers = (port) =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, timeout: 1000 }, (r) => resolve(r.resume().statusCode === 200)).on(
      'error',
      () => resolve(false),
    );
  });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

if (what === 'serve') {
  createServer((_, response) => response.end('here')).listen(Number(a), '127.0.0.1');
} else if (what === 'start') {
  const child = spawn(process.execPath, [import.meta.filename, 'serve', a], {
    detached: true,
    stdio: 'ignore',
  });
  writeFileSync(b, String(child.pid));
  child.unref();
  for (let i = 0; i < 200 && !(await answers(Number(a))); i++) await pause(25);
  process.exit((await answers(Number(a))) ? 0 : 1);
} else if (what === 'stop') {
  let pid = 0;
  try {
    pid = Number(readFileSync(a, 'utf8'));
  } catch {
    process.exit(0);
  }
  if (alive(pid)) process.kill(pid, 'SIGTERM');
  while (alive(pid)) await pause(10);
  rmSync(a, { force: true });
} else if (what === 'ready') {
  process.exit((await answers(Number(a))) ? 0 : 1);
} else process.exit(2);
