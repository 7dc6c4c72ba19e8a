import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';

import type { RecoveryEvidenceReport } from '@reprise/contracts';

import { languageOf } from '../packages/reprise/src/lib/language.ts';
import { compare } from './compare.ts';
import { planText } from './plan.ts';
import { judge, promises } from './promises.ts';
import { giveBackSite, makeSetting } from './setting.ts';
import { Interrupted, Stage } from './stage.ts';
import { type Portrait, System } from './system.ts';
import { texts } from './texts.ts';

/**
 * `make demo`: a system is made, protected, lost with everything that Reprise had on it, and brought back from the copy
 * with the recovery key alone. Everything is real; every `$` line is the real command line, run as a child process.
 * Exit 0 only if every row, file and permission is back and every promise was measured and kept.
 */
const language = languageOf(process.env);
const t = texts[language];
const s = await makeSetting(language);
const stage = new Stage(s.dir);
const system = new System(s, stage);

try {
  process.exitCode = (await perform()) ? 0 : 1;
} catch (e) {
  process.exitCode = e instanceof Interrupted ? 130 : 1;
  if (!(e instanceof Interrupted)) stage.print(`\n${stage.paint('red', t.failed)} ${(e as Error).message}`);
  await cleanUp(e instanceof Interrupted);
}

async function perform(): Promise<boolean> {
  stage.print(stage.paint('bold', t.title));
  stage.print(t.intro(s.dir));

  const before = await theSystem();
  const key = await protect();
  await disaster();
  await recover(key);
  const wrong = [...(await theSame(before)), ...(await asPromised())];

  await system.stopInOrder();
  await cleanUp(false, wrong.length === 0);
  if (wrong.length > 0) stage.print(`\n${stage.paint('red', t.failed)} ${wrong.join('; ')}`);
  else goodbye();
  return wrong.length === 0;
}

async function theSystem(): Promise<Portrait> {
  stage.act(t.system);
  await system.make();
  await mkdir(s.work);
  const plan = join(s.work, 'reprise.yaml');
  await writeFile(plan, planText(s, await system.profile()));
  const portrait = await system.portrait();
  stage.print(t.made.database(s.pgUser ?? userInfo().username, rowsIn(portrait)));
  stage.print(t.made.portfolio(portrait.rows, await system.rowsInLog()));
  stage.print(t.made.config);
  stage.print(t.made.plan(plan));
  stage.print(t.other[s.otherFileSystem](s.site));
  return portrait;
}

async function protect(): Promise<string> {
  stage.act(t.protect);
  const said = await stage.reprise(['init', '--yes'], { cwd: s.work, capture: true });
  stage.print(said.trimEnd());
  const key = /(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}/.exec(said)?.[0];
  if (key === undefined) throw new Error('reprise init: no recovery key');
  stage.print(`\n${stage.paint('yellow', t.key)}`);
  await withKey(['kit', 'check'], key);
  await stage.reprise(['backup'], { cwd: s.work });
  await system.writeMore();
  stage.print(`\n${stage.paint('yellow', t.more)}`);
  await stage.reprise(['status'], { cwd: s.work, expect: [0, 1, 3] });
  return key;
}

async function disaster(): Promise<void> {
  stage.act(t.disaster);
  await system.destroy();
  stage.print(stage.paint('red', t.destroyed(s.machine)));
  if (existsSync(s.machine) || (await system.answers())) throw new Error('the disaster spared something');
  stage.print(t.left);
}

async function recover(key: string): Promise<void> {
  stage.act(t.recover);
  await mkdir(s.work, { recursive: true });
  await withKey(['bootstrap', s.copy], key, [3]);
  stage.print(stage.paint('dim', t.primaryLost));
  await stage.reprise(['recover', '--dry-run'], { cwd: s.work, expect: [0, 3] });
  await stage.reprise(['recover'], { cwd: s.work });
}

async function theSame(before: Portrait): Promise<readonly string[]> {
  stage.act(t.checks);
  const wrong: string[] = [];
  for (const { text, ok } of await compare(before, system, t.check, rowsIn)) {
    stage.print(`${ok ? stage.paint('green', '✓') : stage.paint('red', '✗')} ${text}`);
    if (!ok) wrong.push(text);
  }
  return wrong;
}

/** The table comes from the signed record; nothing in it is ours. */
async function asPromised(): Promise<readonly string[]> {
  stage.act(t.objectives);
  const said = await stage.reprise(['report', 'recovery', '--json'], { cwd: s.work, capture: true });
  const { record } = JSON.parse(said) as RecoveryEvidenceReport;
  stage.print(promises(record, language));
  const evidence = join(s.work, '.reprise/evidence', `${record.run}.md`);
  stage.print(`\n${t.evidence(evidence)}`);
  const missing = [...judge(record), ...(existsSync(evidence) ? [] : [evidence])];
  return missing.length === 0 ? [] : [`${t.nulls}: ${missing.join(', ')}`];
}

function goodbye(): void {
  stage.print(`\n${t.next}`);
  const reprise = resolve(import.meta.dirname, '../reprise');
  for (const line of t.tries({ work: s.work, reprise, dir: s.dir })) stage.print(`  ${line}`);
  const seconds = Math.round((performance.now() - stage.began) / 1000);
  stage.print(`\n${stage.paint('green', t.done(seconds))}`);
}

/** A command that asks for the recovery key; it is given over stdin, as somebody would type it. */
async function withKey(args: readonly string[], key: string, expect: readonly number[] = [0]): Promise<void> {
  await stage.reprise(args, { cwd: s.work, input: `${key}\n`, expect, note: t.typedKey });
}

async function cleanUp(interrupted: boolean, well = false): Promise<void> {
  await stage.endAll(await system.pids());
  await giveBackSite(s, !interrupted);
  if (interrupted) await rm(s.dir, { recursive: true, force: true });
  if (interrupted) stage.print(`\n${t.interrupted}`);
  else if (!well) stage.print(`\n${t.kept(s.dir)}`);
}

function rowsIn({ tables }: Portrait): string {
  const rows = Object.values(tables).reduce((sum, v) => sum + (Number(v.split(' ')[0]) || 0), 0);
  return new Intl.NumberFormat(language).format(rows);
}
