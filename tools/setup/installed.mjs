// Is node_modules what package-lock.json says? Exit 0 if so, 3 if not; anything else is a fault of this check and no
// reason to reinstall. Plain JavaScript: runs on the system's Node 20, before anything is installed. npm writes what it
// has really installed to node_modules/.package-lock.json.
import { existsSync, readFileSync } from 'node:fs';

const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';

/** npm's `os`, `cpu` and `libc`: a name or a list, of what fits or (with `!`) of what does not. */
const fits = (allowed, own) => {
  const list = [allowed ?? []].flat();
  const wanted = list.filter((name) => !name.startsWith('!'));
  return !list.includes(`!${own}`) && (wanted.length === 0 || wanted.includes(own));
};
const present = (path, { version, link, optional, os, cpu, libc: c }, installed) => {
  if (link) return existsSync(path);
  // An optional package that names no processor belongs to another optional one (say, a WebAssembly fallback).
  const forHere = os && cpu && fits(os, process.platform) && fits(cpu, process.arch) && fits(c, libc);
  if (optional && !forHere) return true;
  return installed[path]?.version === version && existsSync(`${path}/package.json`);
};

if (!existsSync('node_modules/.package-lock.json')) process.exit(3);
const installed = read('node_modules/.package-lock.json');
const missing = Object.entries(read('package-lock.json')).filter(
  ([path, entry]) => path.includes('node_modules/') && !present(path, entry, installed),
);
if (missing.length > 0) {
  console.error(
    `not installed as locked: ${missing
      .slice(0, 3)
      .map(([path]) => path)
      .join(', ')}`,
  );
  process.exit(3);
}
