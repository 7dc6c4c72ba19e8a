import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { BackupReport, RecoverReport } from '@reprise/contracts';

import { type Cluster, startPostgres } from '../test/testbed/postgres.ts';
import { fillDatabase, fillTree } from './data.ts';
import {
  busy,
  measure,
  type Measured,
  median,
  megabytes,
  seconds,
  shell,
  table,
  Wrappers,
} from './measure.ts';

const checkout = resolve(import.meta.dirname, '..');
/** As it is installed: type stripping of sources costs memory and time that nobody has in service. */
const built = join(checkout, 'packages/reprise/dist/bin.js');
const tools =
  'restic psql pg_dump pg_dumpall pg_restore find stat getfacl getfattr setfacl setfattr sync id cat xargs sha256sum sort tar cp mv rm df test head'.split(
    ' ',
  );

export interface Sizes {
  readonly databaseBytes: number;
  readonly files: number;
  readonly treeBytes: number;
  readonly rounds: number;
}
interface Share {
  readonly what: string;
  readonly wall: number;
  readonly own: number;
  readonly calls: number;
  readonly allowed: number;
  readonly peak: number;
}

/** Backup and restore of one database and one tree, three ways, in turn within each round; medians and ratios. */
export async function large(sizes: Sizes, say: (line: string) => void): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'reprise-bench-'));
  await using cluster = await startPostgres({ fast: true });
  try {
    const bench = await Bench.make(dir, cluster, sizes, say);
    for (let round = 1; round <= sizes.rounds; round += 1) {
      say(`round ${round}/${sizes.rounds}`);
      await bench.round(round);
    }
    say(bench.report());
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

class Bench {
  readonly #dir: string;
  readonly #cluster: Cluster;
  readonly #say: (line: string) => void;
  readonly #wrappers: Wrappers;
  readonly #times = new Map<string, Map<string, number[]>>();
  readonly #shares: Share[] = [];
  #bytes = 0;
  readonly #tree: string;

  private constructor(dir: string, cluster: Cluster, wrappers: Wrappers, say: (line: string) => void) {
    this.#dir = dir;
    this.#cluster = cluster;
    this.#wrappers = wrappers;
    this.#say = say;
    this.#tree = join(dir, 'tree');
  }

  static async make(
    dir: string,
    cluster: Cluster,
    sizes: Sizes,
    say: (line: string) => void,
  ): Promise<Bench> {
    const extra = [cluster.bin, join(checkout, '.cache/tools/bin')];
    const wrappers = await Wrappers.make(join(dir, 'wrappers'), tools, extra);
    const bench = new Bench(dir, cluster, wrappers, say);
    const began = performance.now();
    bench.#bytes = await fillDatabase(cluster, sizes.databaseBytes);
    await fillTree(bench.#tree, sizes.files, sizes.treeBytes);
    say(
      `data: database ${megabytes(bench.#bytes)}, tree ${sizes.files} files ${megabytes(sizes.treeBytes)}, made in ${seconds(performance.now() - began)}`,
    );
    return bench;
  }

  /** Everything anew: first backups are what is compared, deduplication would flatter the later ones. */
  async round(n: number): Promise<void> {
    const at = join(this.#dir, `round${n}`);
    const ways = [() => this.#today(at), () => this.#native(at), () => this.#reprise(at)];
    // Nobody always goes first: the page cache is a friend of those who come later.
    for (let i = 0; i < ways.length; i += 1) await ways[(i + n) % ways.length]?.();
    await rm(at, { recursive: true, force: true });
  }

  #note(what: string, way: string, { ms }: Pick<Measured, 'ms'>): void {
    const ways = this.#times.get(what) ?? new Map<string, number[]>();
    ways.set(way, [...(ways.get(way) ?? []), ms]);
    this.#times.set(what, ways);
    this.#say(`  ${what}, ${way}: ${seconds(ms)}`);
  }

  get #env(): Record<string, string> {
    const path = `${join(checkout, '.cache/tools/bin')}:${this.#cluster.bin}:${process.env['PATH'] ?? ''}`;
    return { ...this.#cluster.env, PATH: path };
  }
  async #drop(create: boolean): Promise<void> {
    await this.#cluster.psql('drop database if exists shop with (force)');
    if (create) await this.#cluster.psql('create database shop');
    await this.#cluster.psql('checkpoint');
  }
  async #noTree(): Promise<void> {
    await rm(this.#tree, { recursive: true, force: true });
    await mkdir(this.#tree);
  }

  /** What the plans of today say. */
  async #today(round: string): Promise<void> {
    const at = join(round, 'today');
    await mkdir(at, { recursive: true });
    const run = async (what: string, script: string): Promise<void> =>
      this.#note(what, 'shell of today', await shell(script, { env: this.#env, cwd: this.#dir }));
    await run('database backup', `pg_dump shop | gzip > ${at}/db.gz; sync ${at}/db.gz`);
    await run('tree backup', `tar czf ${at}/tree.tgz tree; sync ${at}/tree.tgz`);
    await this.#drop(true);
    await run('database restore', `gunzip -c ${at}/db.gz | psql -Xq -v ON_ERROR_STOP=1 shop > /dev/null`);
    await rm(this.#tree, { recursive: true });
    await run('tree restore', `tar xzf ${at}/tree.tgz`);
    await this.#counted();
  }

  /** The same tools and restic, without Reprise: what somebody who knows both would type. */
  async #native(round: string): Promise<void> {
    const at = join(round, 'native');
    await mkdir(at, { recursive: true });
    const env = { ...this.#env, RESTIC_REPOSITORY: join(at, 'r'), RESTIC_PASSWORD: 'bench' };
    const run = async (what: string, script: string, way = 'native tools + restic'): Promise<void> =>
      this.#note(what, way, await shell(script, { env, cwd: this.#dir }));
    await shell('restic init -q', { env });
    const stdin = 'restic backup -q --no-cache --compression off --stdin-filename db --stdin-from-command --';
    await run('database backup', `${stdin} pg_dump -Fc shop`);
    await run('tree backup', 'cd tree; restic backup -q --no-cache .');
    await this.#drop(true);
    await run(
      'database restore',
      `restic dump -q --no-cache latest --path /db /db > ${at}/db.dump; pg_restore -j2 -d shop ${at}/db.dump`,
    );
    await this.#drop(true);
    await run('database restore', `pg_restore -j2 -d shop ${at}/db.dump`, 'pg_restore -j2 alone');
    await this.#noTree();
    await run(
      'tree restore',
      'restic restore -q --no-cache latest --path "$PWD/tree" --target tree --sparse',
    );
    await this.#counted();
  }

  async #reprise(round: string): Promise<void> {
    const at = join(round, 'reprise');
    await mkdir(join(at, 'scratch'), { recursive: true });
    await writeFile(join(at, 'reprise.yaml'), this.#plan(at));
    await this.#run(at, ['init', '--yes']);
    await this.#measured(at, 'database backup', ['backup', 'db'], 2);
    await this.#measured(at, 'tree backup', ['backup', 'tree'], 1);
    await this.#drop(false);
    await this.#measured(at, 'database restore', ['restore', 'db'], 2);
    await this.#noTree();
    await rm(this.#tree, { recursive: true });
    await this.#measured(at, 'tree restore', ['restore', 'tree'], 1);
    await this.#counted();
  }

  #run = async (at: string, args: readonly string[]): Promise<Measured> =>
    await measure([process.execPath, built, ...args, '--json'], {
      cwd: at,
      env: { ...this.#env, PATH: `${this.#wrappers.folder}:${this.#env['PATH'] ?? ''}` },
      expect: [0, 3],
    });

  async #measured(at: string, what: string, args: readonly string[], parts: number): Promise<void> {
    await this.#wrappers.clear();
    const measured = await this.#run(at, args);
    const { run } = JSON.parse(measured.stdout) as BackupReport | RecoverReport;
    this.#note(what, 'Reprise', measured);
    const calls = this.#wrappers.calls();
    if (run.steps.some((s) => s.state !== 'finished')) throw new Error(measured.stdout);
    this.#shares.push({
      what,
      wall: measured.ms,
      own: measured.ms - busy(calls),
      calls: calls.filter((c) => c.tool === 'restic').length,
      allowed: 2 * parts + 4,
      peak: measured.peak,
    });
  }

  #plan(at: string): string {
    return `version: 1
system: bench
repositories: {primary: {url: ${join(at, 'repository')}}}
protections: {nightly: {schedule: "0 2 * * *", repositories: [primary]}}
recovery: {scratch: ${join(at, 'scratch')}}
components:
  db:
    kind: postgres
    captures: [nightly]
    connection: {host: ${this.#cluster.socket}, port: ${this.#cluster.port}, user: ${this.#cluster.superuser}}
    databases: [shop]
    bin: ${this.#wrappers.folder}
    checks: [{name: rows, kind: rows, database: shop, table: public.orders}]
  tree:
    kind: files
    captures: [nightly]
    path: ${this.#tree}
    checks: [{name: there, kind: files, path: ${this.#tree}}]
`;
  }

  #expected: string | undefined;
  /** A restore that lost something is no time to be proud of. */
  async #counted(): Promise<void> {
    const rows = await this.#cluster.psql('select count(*), sum(total) from orders', 'shop');
    const found = await readdir(this.#tree, { recursive: true });
    const now = `${rows} ${found.length}`;
    this.#expected ??= now;
    if (this.#expected !== now) throw new Error(`restored ${now}, was ${this.#expected}`);
  }

  report(): string {
    const rows = [...this.#times].map(([what, ways]) => {
      const m = (way: string): number => median(ways.get(way) ?? []);
      const cell = (way: string): string => (ways.has(way) ? seconds(m(way)) : '–');
      const alone = ways.has('pg_restore -j2 alone')
        ? (m('Reprise') / m('pg_restore -j2 alone')).toFixed(2)
        : '–';
      return [
        what,
        cell('shell of today'),
        cell('native tools + restic'),
        cell('pg_restore -j2 alone'),
        cell('Reprise'),
        (m('Reprise') / m('shell of today')).toFixed(2),
        (m('Reprise') / m('native tools + restic')).toFixed(2),
        alone,
      ];
    });
    const what = [...new Set(this.#shares.map((s) => s.what))];
    const shares = what.map((w) => {
      const all = this.#shares.filter((s) => s.what === w);
      return [
        w,
        seconds(median(all.map((s) => s.wall))),
        seconds(median(all.map((s) => s.own))),
        `${median(all.map((s) => s.calls))} (≤ ${all[0]?.allowed ?? 0})`,
        megabytes(Math.max(...all.map((s) => s.peak))),
      ];
    });
    return [
      '',
      table([
        [
          'medians',
          'today',
          'native+restic',
          'pg_restore -j2',
          'Reprise',
          '÷ today',
          '÷ native',
          '÷ pg_restore',
        ],
        ...rows,
      ]),
      '',
      table([
        ['Reprise itself', 'wall', 'own share (≤ 1.5 s)', 'restic calls', 'peak memory (≤ 150 MB)'],
        ...shares,
      ]),
    ].join('\n');
  }
}
