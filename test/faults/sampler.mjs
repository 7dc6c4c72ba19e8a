// Reads the command line and the environment of every process, without pause, until its stdin closes. Canaries come on
// the first line of stdin; each finding is one line of JSON, once. Prints how often it looked at last.
import { readdirSync, readFileSync } from 'node:fs';

const canaries = JSON.parse(await new Promise((resolve) => process.stdin.once('data', resolve)));
let over = false;
process.stdin.on('end', () => (over = true)).resume();
const told = new Set();
const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ended while we looked
  }
};
const names = Object.entries(canaries).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
// Of those that were there before and stay the same, nothing is to be learned.
const old = new Set(readdirSync('/proc').filter((p) => /^\d+$/.test(p)));
console.log(JSON.stringify({ ready: true }));
let looks = 0;
while (!over) {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || old.has(pid)) continue;
    const found = { environ: read(`/proc/${pid}/environ`), argv: read(`/proc/${pid}/cmdline`) };
    if (found.argv === '') found.argv = read(`/proc/${pid}/cmdline`); // it was just becoming another program
    if (found.argv === '') continue; // a program that has ended
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
