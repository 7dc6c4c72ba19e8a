/** A defect of one line that a tired person could write, and the tests that must turn red because of it. */
export interface Mutant {
  readonly name: string;
  /** What would be lost if nobody noticed. */
  readonly why: string;
  readonly file: string;
  /** The whole line, without its indentation; there exactly once. */
  readonly from: string;
  /** What stands there instead; empty: nothing. */
  readonly to: string;
  /** The cheapest that must notice: vitest project and files. */
  readonly project: 'unit' | 'integration' | 'conformance' | 'sabotage' | 'faults';
  readonly tests: readonly string[];
  /** Where a file is long: the test by name. */
  readonly only?: string;
}

const src = 'packages/reprise/src';
const unit = (file: string, ...tests: string[]) => ({
  file: `${src}/${file}`,
  project: 'unit' as const,
  tests: tests.map((t) => `${src}/${t}`),
});

/** In the order of the promises (docs/design.md). */
export const mutants: readonly Mutant[] = [
  // 1: a point exists only when it is stored, checked and recorded in the repository.
  {
    name: 'recorded-unchecked',
    why: 'a dump that the native tool cannot read becomes a recovery point',
    ...unit('runs/check-unit.ts', 'runs/check-unit.test.ts'),
    from: 'insist(one.component, findings);',
    to: '',
  },
  {
    name: 'another-snapshot',
    why: 'a snapshot of another component is recorded, and restored, as this one',
    ...unit('runs/inspect.ts', 'runs/check-unit.test.ts'),
    from: 'if (whose.component !== component || whose.part !== part.name || whose.run !== run) {',
    to: 'if (whose.part !== part.name) {',
  },
  {
    name: 'empty-captured',
    why: 'an empty dump becomes a recovery point',
    ...unit('capture/capture.ts', 'capture/capture.test.ts'),
    from: 'if (stored.bytes === 0)',
    to: 'if (stored.bytes < 0)',
  },
  {
    name: 'end-before-producer',
    why: 'restic takes the end of its stdin for the end of the data: a dump that was cut looks whole',
    file: `${src}/repository/commands/backup-stream.ts`,
    from: 'await Promise.race([complete, ended]);',
    to: '',
    project: 'integration',
    tests: ['test/integration/repository-streams.test.ts'],
    only: 'restic never sees the end',
  },
  {
    name: 'exit-code-ignored',
    why: 'a tool that failed counts as one that did its work',
    ...unit('hosts/finish.ts', 'hosts/secrets.test.ts'),
    from: 'if (exit.code === 0) return exit;',
    to: 'return exit;',
  },
  {
    name: 'end-of-restic-ignored',
    why: 'restic fails after its last byte, and what it read counts as whole',
    ...unit('repository/restorable.ts', 'repository/restorable.test.ts'),
    from: 'await complete;',
    to: '',
  },
  {
    name: 'digest-ignored',
    why: 'other bytes than those of the capture are restored',
    ...unit('repository/restorable.ts', 'repository/restorable.test.ts'),
    from: 'if (part.sha256 !== undefined && part.sha256 !== digest) throw damaged(repository, `${what}: SHA-256`);',
    to: '',
  },
  {
    name: 'state-not-read-back',
    why: 'a restic that lies about the state commits points that no repository knows of',
    ...unit('runs/states.ts', 'runs/states.test.ts'),
    from: 'if (found !== text)',
    to: 'if (found === null)',
  },
  {
    name: 'pending-listed',
    why: 'a point is listed although no state with its entry is in a repository',
    ...unit('catalogue/project.ts', 'catalogue/project.test.ts'),
    from: '(copies.some((c) => c.committed === true) ? points : pending).push(point);',
    to: 'points.push(point);',
  },
  {
    name: 'copy-without-state',
    why: 'a copy counts although the repository it lies in cannot prove it',
    ...unit('catalogue/project.ts', 'catalogue/project.test.ts'),
    from: 'if (covers(committed, repository, by) && covers(committed, repository, of.entry)) return true;',
    to: 'if (covers(committed, of.body.repository, of.entry)) return true;',
  },
  {
    name: 'never-abandoned',
    why: 'what a power cut left is waited for for ever, and its bytes are never swept',
    ...unit('runs/states.ts', 'runs/states.test.ts'),
    from: 'abandonOld(deps, at);',
    to: '',
  },
  // 2: nothing is restored over live data.
  {
    name: 'vacancy-unchecked',
    why: 'a restore writes over live data',
    ...unit('recovery/vacancy.ts', 'recovery/vacancy.test.ts'),
    from: "if (observed.vacant) return { is: 'empty', because: 'empty' };",
    to: "return { is: 'empty', because: 'empty' };",
  },
  {
    name: 'claim-unproven',
    why: 'a place that was not cleared is taken for vacant',
    ...unit('recovery/vacate.ts', 'recovery/vacate.test.ts'),
    from: 'if (!observed.vacant)',
    to: 'if (observed.vacant === null)',
  },
  {
    name: 'mended-wiped',
    why: 'what a person put right by hand after a failed restore is deleted when it goes on',
    ...unit('recovery/vacate.ts', 'recovery/vacate.test.ts'),
    from: "const how = decision.is === 'owned' && told ? 'aside' : decision.clear;",
    to: 'const how = decision.clear;',
  },
  // 3: "could not judge" is not "pass".
  {
    name: 'unable-passes',
    why: 'what nobody could judge ends with exit 0',
    file: 'packages/contracts/src/exit.ts',
    from: "worstExit([...findings].map((f) => (f.verdict === 'pass' ? 0 : f.verdict === 'fail' ? 1 : 3)));",
    to: "worstExit([...findings].map((f) => (f.verdict === 'fail' ? 1 : 0)));",
    project: 'unit',
    tests: [`${src}/runs/engine.test.ts`],
  },
  {
    name: 'no-row-passes',
    why: 'a check that finds nothing in the restored database passes',
    ...unit('recovery/checks/sql.ts', 'recovery/checks/checks.test.ts'),
    from: "if (value === undefined) return failed('no-row');",
    to: "if (value === undefined) return '';",
  },
  {
    name: 'unmeasured-met',
    why: 'an objective that nobody measured is reported as met',
    ...unit('recovery/measure.ts', 'recovery/measure.test.ts'),
    from: "if (objective === null || actual === null) return 'unknown';",
    to: "if (objective === null || actual === null) return 'met';",
  },
  // 4: a kill at any moment is survived.
  {
    name: 'finished-done-again',
    why: 'a run that goes on restores over what it had restored already',
    ...unit('runs/engine.ts', 'runs/engine.test.ts'),
    from: "this.outcomes.set(step, { step, state: 'finished', error: null });",
    to: '',
  },
  {
    name: 'journal-error-dropped',
    why: 'an entry could not be written, and the run ends with exit 0',
    ...unit('runs/engine.ts', 'runs/engine-edges.test.ts'),
    from: 'if (broken.length > 0) throw broken[0];',
    to: '',
  },
  {
    name: 'undo-after-the-act',
    why: 'killed in between, a service stays down and nobody knows that it was up',
    ...unit('runs/hold.ts', 'runs/hold.test.ts'),
    from: 'const resultFile = register(deps, group, services, how, max, at);',
    to: 'for (const { service } of services) await service[how](at.signal); const resultFile = register(deps, group, services, how, max, at);',
  },
  {
    name: 'guardian-unasked',
    why: 'what was captured after the guardian let go is believed to be at rest',
    ...unit('runs/hold.ts', 'runs/hold.test.ts'),
    from: "if (!(await guardian.stillHeld())) throw new RepriseError('capture.released', { group });",
    to: '',
  },
  {
    name: 'guardian-deaf',
    why: 'Reprise dies, and the service it had stopped waits for the time limit',
    ...unit('hosts/guardian-script.ts', 'hosts/guardian.test.ts'),
    from: `exit "$closed"' reprise-guardian-reader &`,
    to: "sleep 600' reprise-guardian-reader &",
    only: 'kill -9 of Reprise in the middle of a hold',
  },
  {
    name: 'hold-of-five-minutes',
    why: 'a service is down for five minutes though the plan allows one',
    ...unit('runs/hold.ts', 'runs/hold.test.ts'),
    from: 'const { how, max } = order;',
    to: 'const [how, max] = [order.how, 300_000];',
  },
  {
    name: 'lock-waited-long',
    why: 'a backup waits for somebody else’s lock until its RPO is gone, and says nothing',
    ...unit('app.ts', 'app.test.ts'),
    from: 'lockWait: lockWaitOf(plan),',
    to: 'lockWait: 300_000,',
  },
  {
    name: 'parallel-ignored',
    why: 'a recovery does more at once than the plan says the machine can bear, or less than its RTO needs',
    ...unit('runs/recovery-command.ts', 'runs/recovery-command.test.ts'),
    from: 'slots: deps.plan.plan.recovery.parallel,',
    to: '',
  },
  {
    name: 'orphans-unmarked',
    why: 'a killed Reprise leaves a pg_restore that goes on writing, and nobody finds it',
    ...unit('hosts/launch.ts', 'hosts/launch.test.ts'),
    from: '...(on.run === null || command.lasting === true ? {} : { REPRISE_RUN: on.run }),',
    to: '',
  },
  {
    name: 'living-run-settled',
    why: 'the processes of a run that is alive are ended by the next command',
    ...unit('runs/settle.ts', 'runs/settle.test.ts'),
    from: 'if (!(await isFree(deps.home, `run-${run}`))) {',
    to: 'if (deps.home === null) {',
  },
  {
    name: 'stopped-is-started',
    why: 'a service that somebody had stopped on purpose is started',
    ...unit('runs/settle.ts', 'runs/settle.test.ts'),
    from: "if (before !== 'running') continue;",
    to: '',
  },
  {
    name: 'shared-lock',
    why: 'two backups of one component at once',
    ...unit('runs/locks.ts', 'runs/engine.test.ts'),
    from: "db.exec('BEGIN EXCLUSIVE');",
    to: "db.exec('BEGIN');",
  },
  {
    name: 'no-fsync',
    why: 'after a power cut a key, or the record of a hold, is an empty file',
    ...unit('hosts/files.ts', 'hosts/durable.test.ts'),
    from: 'await file.sync();',
    to: '',
  },
  {
    name: 'journal-unsynced',
    why: 'after a power cut the journal lacks what was already acted upon',
    ...unit('journal/database.ts', 'journal/durable.test.ts'),
    from: "mode === 'write' ? 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL' : 'PRAGMA schema_version',",
    to: "mode === 'write' ? 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL' : 'PRAGMA schema_version',",
  },
  // 5: secrets are never in argv or a child's environment.
  {
    name: 'environment-inherited',
    why: 'the dump tool, and whatever it starts, has the credentials of the repository',
    ...unit('hosts/launch.ts', 'hosts/launch.test.ts'),
    from: "return [which('env', searchPath(), '/') ?? '/usr/bin/env', '-i', `--chdir=${cwd}`, ...variables, ...argv];",
    to: "return [which('env', searchPath(), '/') ?? '/usr/bin/env', `--chdir=${cwd}`, ...variables, ...argv];",
  },
  {
    name: 'secret-in-argv',
    why: 'every user of the machine reads the password in the table of processes',
    file: `${src}/repository/restic.ts`,
    from: 'argv: [program, command, ...this.#global(), ...rest],',
    to: 'argv: [program, command, ...this.#global(), ...Object.values(secrets).map((s) => `--option=s3.key=${s.reveal()}`), ...rest],',
    project: 'integration',
    tests: ['test/integration/repository-streams.test.ts'],
    only: 'secrets are in no command line',
  },
  {
    name: 'secret-shown',
    why: 'a password stands in a log, a journal, an error',
    ...unit('lib/secret.ts', 'hosts/secrets.test.ts'),
    from: 'return values.toSorted((a, b) => b.length - a.length).reduce((t, v) => t.replaceAll(v, () => shown), text);',
    to: 'return values.slice(1).reduce((t, v) => t.replaceAll(v, () => shown), text);',
  },
  // 6: retention never makes things worse.
  {
    name: 'forget-before-state',
    why: 'killed in between, points are gone that the catalogue still lists',
    ...unit('runs/maintain.ts', 'runs/order.test.ts'),
    from: "step('forget', 'state', async (at) => await forget(deps, r, opened(r, at), at)),",
    to: "step('forget', 'decide', async (at) => await forget(deps, r, opened(r, at), at)),",
  },
  {
    name: 'doubt-ignored',
    why: 'a clock that is a year ahead empties the repository',
    ...unit('catalogue/retention.ts', 'catalogue/retention.test.ts'),
    from: 'if (doubt !== null) return { doubt, decisions: [] };',
    to: '',
  },
  {
    name: 'newest-good-forgotten',
    why: 'only points that failed their check are left',
    ...unit('catalogue/retention.ts', 'catalogue/retention.test.ts'),
    from: "keep(good, 'newest-good');",
    to: '',
  },
  {
    name: 'young-debris-swept',
    why: 'the parts of a backup that is running elsewhere are swept by a maintainer whose clock is ahead',
    ...unit('catalogue/debris.ts', 'catalogue/debris.test.ts'),
    from: 'old(s.firstSeen) &&',
    to: '',
  },
  {
    name: 'same-slice-read',
    why: 'a thirtieth of the packs is read back every day, and the others never',
    ...unit('runs/maintain-command.ts', 'runs/maintain-command.test.ts'),
    from: 'read: options.read ?? sliceOf(deps.clock.now()),',
    to: 'read: options.read ?? `1/${slices}`,',
  },
  {
    name: 'parent-not-given',
    why: 'a folder that was moved is read again, all of it, and the backup takes hours',
    ...unit('runs/capture-unit.ts', 'runs/capture-unit.test.ts'),
    from: '{ root, excludes, ...(includes && { includes }), ...(parent && { parent }) },',
    to: '{ root, excludes, ...(includes && { includes }) },',
  },
  {
    name: 'parent-not-said',
    why: 'a folder that was moved is read again, all of it, and the backup takes hours',
    file: `${src}/repository/commands/backup-tree.ts`,
    from: "const from = parent === undefined ? [] : ['--parent', parent];",
    to: 'const from: string[] = [];',
    project: 'integration',
    tests: ['test/integration/repository-tree.test.ts'],
    only: 'a parent saves reading',
  },
  // 7 and 10: the repository is the source of truth; the journal is whole.
  {
    name: 'signature-unverified',
    why: 'an intruder who may write into the repository replaces plan and journal',
    ...unit('journal/state.ts', 'journal/state.test.ts'),
    from: "if (!signedBy(certificate.key, value, header.signature)) throw foreign(where, (t) => t['why.signature']);",
    to: '',
  },
  {
    name: 'chain-unverified',
    why: 'an entry is changed afterwards and nobody can tell',
    ...unit('journal/chain.ts', 'journal/lineage.test.ts', 'journal/verify.test.ts'),
    from: "return entry.prev === before.hash ? undefined : 'prev';",
    to: 'return undefined;',
  },
  {
    name: 'prev-left-out',
    why: 'the journal is no chain',
    ...unit('journal/store.ts', 'journal/journal.test.ts'),
    from: 'prev: before.hash,',
    to: "prev: '0'.repeat(64),",
  },
];
