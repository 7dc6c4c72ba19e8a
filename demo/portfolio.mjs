// The learners' portfolio: rows in SQLite that name files in a folder. As a service of the plan is:
//   start | stop | pause | resume | state | ready, with PORTFOLIO (its folder) and PORTFOLIO_PORT in the environment.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.env.PORTFOLIO;
const port = Number(process.env.PORTFOLIO_PORT);
const pidFile = join(folder, 'portfolio.pid');

/** The process's state letter in /proc, undefined when it is gone. A recycled pid of another program is not ours. */
function letter() {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('portfolio.mjs')) return undefined;
    const found = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === 'Z' || found === 'X' ? undefined : found;
  } catch {
    return undefined;
  }
}
const signal = (name) => process.kill(Number(readFileSync(pidFile, 'utf8')), name);
const until = async (holds) => {
  for (let i = 0; i < 400 && !(await holds()); i++) await sleep(25);
  return await holds();
};
const answers = async () =>
  letter() !== 'T' &&
  (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) }).then(
    (r) => r.ok,
    () => false,
  ));

/** Keeps the database open: what it writes stays in the write-ahead log for long. */
async function serve() {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(join(folder, 'portfolio.db'));
  db.exec(
    'pragma journal_mode = wal; create table if not exists deposits (id integer primary key, agent text not null, file text not null unique)',
  );
  const add = db.prepare('insert into deposits (agent, file) values (?, ?)');
  const count = db.prepare('select count(*) as n from deposits');
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const [agent, file] = decodeURIComponent(request.url.slice(1)).split('/');
      mkdirSync(join(folder, 'uploads', agent), { recursive: true, mode: 0o750 });
      writeFileSync(join(folder, 'uploads', agent, file), await text(request), { mode: 0o640 });
      add.run(agent, `${agent}/${file}`); // the file first: a row never names what is not there
    }
    response.end(`${count.get().n} deposits\n`);
  });
  server.listen(port, '127.0.0.1');
  process.on('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    db.close();
    process.exit(0);
  });
}

switch (process.argv[2]) {
  case 'serve':
    await serve();
    break;
  case 'start': {
    const child = spawn(process.execPath, [import.meta.filename, 'serve'], {
      detached: true,
      stdio: 'ignore',
      cwd: '/',
    });
    writeFileSync(pidFile, `${child.pid}\n`);
    child.unref();
    process.exit((await until(answers)) ? 0 : 1);
    break;
  }
  case 'stop':
    if (letter() === undefined) break;
    if (letter() === 'T') signal('SIGCONT');
    signal('SIGTERM');
    process.exit((await until(() => letter() === undefined)) ? 0 : 1);
    break;
  case 'pause':
    signal('SIGSTOP');
    process.exit((await until(() => letter() === 'T')) ? 0 : 1);
    break;
  case 'resume':
    signal('SIGCONT');
    process.exit((await until(answers)) ? 0 : 1);
    break;
  case 'state':
    process.stdout.write({ undefined: 'stopped', T: 'paused' }[letter()] ?? 'running');
    break;
  case 'ready':
    process.exit((await answers()) ? 0 : 1);
    break;
  default:
    process.exit(2);
}
