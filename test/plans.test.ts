import { readFileSync } from 'node:fs';

import type { Explanation } from '@reprise/contracts';
import { describe, expect, it } from 'vitest';

import { planText } from '../packages/reprise/src/cli/text/plan.ts';
import { kinds } from '../packages/reprise/src/kinds/registry.ts';
import { findings, wordsOf } from '../packages/reprise/src/lib/findings/index.ts';
import { explain } from '../packages/reprise/src/plan/explain.ts';
import { feasibility } from '../packages/reprise/src/plan/feasibility.ts';
import { noHistory, type PlanHistory } from '../packages/reprise/src/plan/history.ts';
import { loadPlan } from '../packages/reprise/src/plan/load.ts';
import { problemLine } from '../packages/reprise/src/plan/problem.ts';

const now = new Date('2026-11-21T12:00:00Z');

function judged(name: string, history: PlanHistory = noHistory) {
  const file = new URL(`plans/${name}/reprise.yaml`, import.meta.url);
  const { plan, problems } = loadPlan({ file: 'reprise.yaml', text: readFileSync(file), env: {}, kinds });
  expect(problems.map((p) => problemLine(p, 'en'))).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  const all = feasibility(plan, history, now, kinds);
  const lines = plan.text.split('\n');
  return {
    plan,
    all,
    of: (verdict: string) => all.filter((f) => f.verdict === verdict).map((f) => `${f.code} ${f.subject}`),
    line: (n: number) => lines[n - 1],
  };
}

const explained = (plan: Explanation, language: 'fr' | 'en'): string =>
  planText(
    { v: 1, command: 'plan explain', exit: 0, at: now.toISOString(), plan },
    { language, colour: false, width: 100 },
  );

/** Contradictions of the plan as the organisation wrote it. */
const expected: Readonly<Record<string, readonly string[]>> = {
  askandtrust: [
    'plan.review document', // 17 July 2025
    'plan.rpo prod-base', // one hour, every six hours (seven in autumn)
    'plan.rpo prod-config',
    'plan.rpo caddy-config',
    'plan.rpo docker-config',
    'plan.no-captures staging-base', // the quarterly drill restores a backup that nobody makes
    'plan.no-captures staging-journaux',
    'plan.no-captures prod-journaux',
    'plan.off-site prod-base', // "à configurer"
    'plan.apart prod-base',
    'plan.three-two-one prod-base',
    'plan.retention prod-base', // seven days, drilled monthly
    'plan.retention prod-config',
    'plan.unused repositories.secours',
    'plan.unused repositories.archive', // by hand
    'plan.placeholder hosts.secours.title', // hot site "à implémenter"
    'plan.placeholder repositories.externe.title',
    'plan.placeholder scenarios.bascule-site-secours.steps.1.manual',
    'plan.placeholder scenarios.bascule-site-secours.steps.2.manual',
    'plan.scenario-objective scenarios.corruption-base', // RPO 6 h against 1 h
    'plan.scenario-objective scenarios.perte-totale', // RTO 8 h against 4 h
    'plan.scenario-loss scenarios.corruption-base', // seven hours on the night of 25 October
    'plan.scenario-loss scenarios.panne-reseau', // RPO 0
    'plan.person drp',
    'plan.person sysadmin',
    'plan.person dba',
    'plan.person developpeur',
    'plan.person communication',
    'plan.role direction',
  ],
  azalscore: [
    'plan.review document',
    'plan.system-objective objectives.rpo', // 1 h for all, 7 days for some
    'plan.rpo base', // every hour, and a capture takes its time
    'plan.rpo pieces', // 4 h, every day
    'plan.rpo rapports',
    'plan.retention base', // WAL and hourly 7 days, full 30, drilled monthly
    'plan.retention pieces',
    'plan.unused repositories.glacier',
    'plan.scenario-time scenarios.corruption', // steps by hand alone take longer than the hour
    'plan.scenario-loss scenarios.corruption',
    'plan.scenario-objective scenarios.rancongiciel', // 8 h against 4 h
    'plan.scenario-objective scenarios.perte-datacenter',
    'plan.person astreinte',
    'plan.person dba',
    'plan.person cto',
    'plan.person rssi',
    'plan.role tech-lead',
    'plan.role dpo',
    'plan.role direction',
  ],
};

describe.each(['askandtrust', 'azalscore'])('the plan of %s', (name) => {
  it('is read whole, and its contradictions are found, each with its line', () => {
    const { of, all, line } = judged(name);
    expect(of('fail')).toEqual(expect.arrayContaining([...(expected[name] ?? [])]));
    for (const f of all) {
      expect(f.at?.line).toBeGreaterThan(0);
      const [section, key] = f.subject.split('.');
      if (f.code === 'plan.unused' || f.code === 'plan.person')
        expect(line(f.at?.line ?? 0)).toContain(`${key ?? section}:`);
    }
  });
  it('finds nothing else failing, but what the same weaknesses cause in other components', () => {
    const known = new Set((expected[name] ?? []).map((e) => e.split(' ')[0]));
    expect(
      judged(name)
        .of('fail')
        .filter((f) => !known.has(f.split(' ')[0])),
    ).toEqual([]);
  });
  it('says what this version cannot act on, and what nobody has measured', () => {
    const unable = judged(name).all.filter((f) => f.verdict === 'unable');
    expect(unable.filter((f) => f.code === 'plan.unsupported').map((f) => f.params['what'])).toEqual(
      expect.arrayContaining(
        name === 'askandtrust'
          ? [
              'host ssh',
              'service compose',
              'service systemd',
              'repository sftp',
              'repository s3',
              'rebuild compose',
              'kind volume',
            ]
          : [
              'host ssh',
              'service systemd',
              'service compose',
              'repository s3',
              'method postgres wal',
              'method postgres schema',
              'rebuild git',
            ],
      ),
    );
    expect(unable.some((f) => f.code === 'plan.rto' && f.subject === 'objectives.rto')).toBe(true);
  });
  it.each([
    { hours: 1, askandtrust: { verdict: 'fail', hours: 6 }, azalscore: { verdict: 'pass', hours: 3 } },
    { hours: 2, askandtrust: { verdict: 'fail', hours: 12 }, azalscore: { verdict: 'fail', hours: 6 } },
  ])(
    'judges times when they are known: $hours h for each restore, two at a time',
    ({ hours, ...results }) => {
      const hour = 3_600_000;
      const history: PlanHistory = {
        ...noHistory,
        restoreMs: () => ({ ms: hours * hour, measured: false }),
        captureMs: () => 60_000,
      };
      const whole = judged(name, history).all.find((f) => f.subject === 'objectives.rto');
      const { verdict, hours: whenBack } = results[name as keyof typeof results];
      expect(whole).toMatchObject({ verdict, params: { measured: false, ms: whenBack * hour } });
    },
  );
  it('has words in both languages for every finding', () => {
    for (const f of judged(name).all) {
      expect(Object.keys(findings)).toContain(f.code);
      expect(wordsOf(f, 'fr').message).not.toBe(wordsOf(f, 'en').message);
      expect(wordsOf(f, 'fr').message + wordsOf(f, 'en').message).not.toMatch(/undefined|NaN|\[object/);
    }
  });
  it('is explained', () => {
    const { plan } = judged(name);
    const data = explain(plan, noHistory, now, kinds);
    expect(data.recovery.flat().toSorted()).toEqual([...plan.components.keys()].toSorted());
    for (const language of ['fr', 'en'] as const) {
      const text = explained(data, language);
      for (const component of plan.components.keys()) expect(text).toContain(component);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });
  it('is explained with what nobody captures, what nothing checks and who is stopped, in words', () => {
    const { plan } = judged(name);
    const data = explain(plan, noHistory, now, kinds);
    const uncaptured = data.components.filter((c) => c.data && c.captures.length === 0).length;
    const unchecked = data.components.filter((c) => c.checks.length === 0).length;
    const count = (text: string, what: string): number => text.split(what).length - 1;
    const [fr, en] = [explained(data, 'fr'), explained(data, 'en')];
    expect([count(fr, 'PAS capturé'), count(en, 'NOT captured')]).toEqual([uncaptured, uncaptured]);
    expect([count(fr, 'aucun contrôle'), count(en, 'no checks')]).toEqual([unchecked, unchecked]);
    expect(fr).toContain('. tout reprendre');
    expect(fr).not.toMatch(/\. all\b|\((stop|pause|none) /);
    expect(fr.split('\n')[0]).toMatch(/ : RPO \(PDMA\)/);
    const held = { title: null, group: 'g', members: ['a', 'b'] };
    const hold = (how: 'none' | 'pause' | 'stop') => ({ services: ['app'], how, max_ms: 60_000 });
    const groups = (['none', 'pause', 'stop'] as const).map((how) => ({ ...held, hold: hold(how) }));
    expect(explained({ ...data, groups }, 'fr').match(/^groupe g.*$/gm)).toEqual([
      'groupe g : a → b, capturés ensemble',
      'groupe g : a → b, capturés ensemble ; en pause pendant ce temps : app, 1 min au plus',
      'groupe g : a → b, capturés ensemble ; à l’arrêt pendant ce temps : app, 1 min au plus',
    ]);
  });
});
