// Reads the command line and the environment of every process, without pause, until its stdin closes. Canaries come on
// the first line of stdin; each finding is one line of JSON, once. Prints how often it looked at last.
import { readdirSync, readFileSync } from 'node:fs';

const canaries = JSON.parse(await new Promise((resolve) => process.stdin.once('data', resolve)));
const over = new AbortController();
process.stdin.on('end', () => over.abort()).resume();
const told = new Set();
const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ended while we looked
  }
};
// A process that becomes another program between two reads would show the environment of one beside the command line of
// the other: what stands before and after must be the same.
const snapshotOf = (pid) => {
  for (let tries = 0; tries < 20; tries++) {
    const argv = read(`/proc/${pid}/cmdline`);
    const environ = read(`/proc/${pid}/environ`);
    if (argv === read(`/proc/${pid}/cmdline`)) return argv === '' ? undefined : { argv, environ };
  }
  return undefined;
};
const names = Object.entries(canaries).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
// Of those that were there before and stay the same, nothing is to be learned.
const old = new Set(readdirSync('/proc').filter((p) => /^\d+$/.test(p)));
console.log(JSON.stringify({ ready: true }));
let looks = 0;
while (!over.signal.aborted) {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || old.has(pid)) continue;
    const found = snapshotOf(pid);
    if (found === undefined) continue;
    for (const [where, text] of Object.entries(found))
      for (const [name, value] of names) {
        if (!text.includes(value)) continue;
        const item = text.split('\0').find((v) => v.includes(value)) ?? '';
        const variable = where === 'environ' ? item.split('=')[0] : null;
        const command = found.argv.replaceAll('\0', ' ').replaceAll(value, '<canary>').trim();
        const line = JSON.stringify({ canary: name, where, variable, command: command.slice(0, 300) });
        if (!told.has(line)) console.log(line);
        told.add(line);
      }
  }
  looks += 1;
  await new Promise((resolve) => setTimeout(resolve, 1));
}
console.log(JSON.stringify({ looks }));
process.exit(0);
