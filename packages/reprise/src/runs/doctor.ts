import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';

import { exitOf, type DoctorReport, type Finding } from '@reprise/contracts';

import type { Host } from '../hosts/host.ts';
import { homePaths } from '../journal/home.ts';
import { openJournal } from '../journal/store.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { isAtLeast } from '../lib/version.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { minimum } from '../repository/failure.ts';
import { resticVersion } from '../repository/version.ts';
import { missingSecrets } from './bootstrap-secrets.ts';
import { examineHome, modeOf, type ExaminedHome } from './doctor-home.ts';
import type { SetUp } from './setup.ts';

/**
 * `reprise doctor`: what is missing on this machine, each with the command that mends it. Asks no repository and no
 * server, changes nothing, and works without a plan, a journal or a key.
 */
export async function examine(setup: SetUp, signal: AbortSignal): Promise<DoctorReport> {
  await using host = setup.localHost();
  const loaded = await setup.readPlan();
  const plan = loaded?.plan;
  const problems = loaded?.problems.length ?? 0;
  const home = examineHome(setup.home);
  const findings: Finding[] = [
    node(),
    await restic(host, signal),
    user(),
    locale(setup),
    judge(plan === undefined ? 'fail' : 'pass', 'doctor.plan', setup.planFile, {
      file: setup.planFile,
      problems,
    }),
    ...home.findings,
    ...(await installation(setup)),
    ...(plan === undefined ? [] : await ofPlan(setup, host, plan, home, signal)),
  ];
  return { v: 1, command: 'doctor', exit: exitOf(findings), findings };
}

const node = (): Finding =>
  judge(Number(process.versions.node.split('.')[0]) >= 24 ? 'pass' : 'fail', 'doctor.node', 'node', {
    found: process.versions.node,
    needed: '24',
  });

async function restic(host: Host, signal: AbortSignal): Promise<Finding> {
  const found = await resticVersion(host, 'restic', signal).catch((e: unknown) => {
    signal.throwIfAborted();
    if (e instanceof RepriseError) return undefined;
    throw e;
  });
  const enough = found !== undefined && isAtLeast(found, minimum);
  return judge(enough ? 'pass' : 'fail', 'doctor.restic', 'restic', { found: found ?? '–', needed: minimum });
}

function user(): Finding {
  const { uid, username } = userInfo();
  return judge(uid === 0 ? 'pass' : 'unable', 'doctor.user', 'user', { user: username });
}

function locale({ env }: SetUp): Finding {
  const said = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'C';
  return judge(/utf-?8/i.test(said) ? 'pass' : 'unable', 'doctor.locale', 'locale', { locale: said });
}

async function installation(setup: SetUp): Promise<Finding[]> {
  const path = homePaths(setup.home).journal;
  const said = (verdict: 'pass' | 'fail', why: string): Finding =>
    judge(verdict, 'doctor.installation', setup.home, { path, why });
  try {
    await using journal = await openJournal({ home: setup.home, clock: setup.clock, mode: 'read' });
    const newest = [...journal.lines(journal.head().seq)].at(-1);
    const at = newest === undefined ? '' : (JSON.parse(newest.text) as { at: string }).at;
    const now = setup.clock.now().toISOString();
    return [
      said('pass', ''),
      judge(at <= now ? 'pass' : 'fail', 'doctor.clock', 'clock', { now, newest: at }),
    ];
  } catch (e) {
    if (!(e instanceof RepriseError)) throw e;
    const { message, hint } = e.text(setup.language);
    return [said('fail', `${message} → ${hint}`)];
  }
}

async function ofPlan(
  setup: SetUp,
  host: Host,
  plan: ResolvedPlan,
  home: ExaminedHome,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [tool, at] of toolsOf(plan)) findings.push(await tool_(host, tool, at, signal));
  for (const [name, { writer }] of Object.entries(plan.plan.repositories)) {
    if (writer.password !== undefined || !home.seen) continue;
    const path = setup.machineKeyFile(name);
    const mode = modeOf(path);
    const safe = mode?.endsWith('00') === true;
    findings.push(judge(safe ? 'pass' : 'fail', 'doctor.key', name, { path, mode: mode ?? '' }));
  }
  for (const where of await missingSecrets(setup, plan))
    findings.push(judge('fail', 'doctor.secret', where.split(':')[0] ?? where, { where }));
  findings.push(await space(setup, host, plan, signal));
  return findings;
}

interface Tool {
  readonly for: string;
  readonly package: string;
}
/** Programs that the plan's components need, where they are looked for. Containers bring their own. */
function toolsOf(plan: ResolvedPlan): ReadonlyMap<string, Tool> {
  const tools = new Map<string, Tool>();
  for (const { name, kind, spec } of plan.components.values()) {
    if (kind === 'sqlite') tools.set('sqlite3', { for: name, package: 'sqlite3' });
    if (kind !== 'postgres') continue;
    const bin = typeof spec['bin'] === 'string' ? `${spec['bin']}/` : '';
    for (const tool of ['psql', 'pg_dump', 'pg_dumpall', 'pg_restore'])
      tools.set(bin + tool, { for: name, package: 'postgresql-client' });
  }
  return tools;
}

async function tool_(host: Host, tool: string, of: Tool, signal: AbortSignal): Promise<Finding> {
  const said = await versionOf(host, tool, signal);
  return judge(said === undefined ? 'fail' : 'pass', 'doctor.tool', of.for, {
    tool,
    found: said ?? '',
    package: of.package,
  });
}

async function versionOf(host: Host, tool: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const running = await host.run({ argv: [tool, '--version'] }, signal);
    running.stderr.resume();
    let text = '';
    for await (const chunk of running.stdout) text += String(chunk);
    const { code } = await running.exit;
    return code === 0 ? text.split('\n')[0]?.slice(0, 80) : undefined;
  } catch (e) {
    signal.throwIfAborted();
    if (e instanceof RepriseError) return undefined;
    throw e;
  }
}

/** What the largest component took when it was last captured may be needed once more, beside the live data. */
async function space(setup: SetUp, host: Host, plan: ResolvedPlan, signal: AbortSignal): Promise<Finding> {
  const path = plan.plan.recovery.scratch ?? '/var/tmp';
  const free = await host.free(existsSync(path) ? path : '/var/tmp', signal);
  const needed = await largest(setup);
  return judge(free >= needed ? 'pass' : 'fail', 'doctor.space', path, {
    path,
    free_mib: mib(free),
    needed_mib: mib(needed),
  });
}

const mib = (bytes: number): number => Math.floor(bytes / 1024 ** 2);

async function largest(setup: SetUp): Promise<number> {
  try {
    await using deps = await setup.open('read');
    return Math.max(0, ...deps.points().map((p) => p.bytes));
  } catch (e) {
    if (e instanceof RepriseError) return 0; // no installation yet: told above
    throw e;
  }
}
