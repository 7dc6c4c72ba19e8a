import type { AsOf, Body, EntryType, EntryV1, Finding, Head, RecoveryRecord } from '@reprise/contracts';

import { putBackCommand, recoveryCommand } from '../lib/command-line.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Said } from '../lib/language.ts';

type Component = RecoveryRecord['components'][number];

/**
 * What came of a restore or a recovery, from the entries of its run alone (in their order); `head` is the journal's.
 * Failed, refused and interrupted runs too. Throws `report.unknown-run` where the entries are of no such run.
 */
export function recoveryRecord(
  system: string,
  entries: readonly EntryV1[],
  head: Head,
  run: string,
): RecoveryRecord {
  const facts = new Facts(entries);
  const started = facts.last('run.started');
  const recipe = started?.recipe;
  if (started === undefined || (recipe !== 'restore' && recipe !== 'recover'))
    throw new RepriseError('report.unknown-run', { run });
  const args = started.args as Partial<RecordedArgs>;
  const place = facts.output('place')?.['place'];
  const choices = facts.output('choose') as unknown as Choices | undefined;
  const whole = facts.last('system.recovered');
  const began = facts.output('incident')?.['began'];
  const closed = facts.closing();
  return {
    system,
    run,
    recipe,
    state: closed.state,
    exit: closed.exit,
    scenario: args.scenario ?? null,
    place: typeof place === 'string' ? place : (args.place ?? 'in-situ'),
    requested_at: args.requested_at ?? facts.first().at,
    lost_at: instantOf(args.lost_at),
    until: instantOf(args.until),
    incident_began: typeof began === 'string' ? began : null,
    ended_at: closed.at,
    components: facts.components(choices, args.component).map((name) => componentOf(facts, name, choices)),
    whole: whole === undefined ? null : { rpo: whole.rpo, rto: whole.rto },
    left_stopped: facts.leftStopped().map(({ service, components }) => ({
      service,
      components,
      command: recoveryCommand(recipe, started.args),
    })),
    left_aside: facts.leftAside().map((left) => ({ ...left, command: putBackCommand(left.where) })),
    spread_ms: choices?.spread_ms ?? null,
    decisions: facts.all('decision.given').map(({ entry, body }) => ({ at: entry.at, ...body })),
    timeline: entries.map(({ at, seq, type, step }) => ({ at, seq, type, step })),
    findings: closed.findings,
    head,
  };
}

interface RecordedArgs {
  readonly scenario: string | null;
  readonly component: string;
  readonly place: string;
  readonly requested_at: string;
  readonly lost_at: string | null;
  readonly until: string | null;
}
interface Choices {
  readonly components: Readonly<
    Record<string, { readonly point: string | null; readonly as_of: AsOf | null }>
  >;
  readonly spread_ms: number | null;
}
interface Refused {
  readonly components: readonly string[];
  readonly found: readonly Said[];
}
const instantOf = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : new Date(text).toISOString();

/** One run's entries, asked by what they say. */
class Facts {
  readonly #entries: readonly EntryV1[];

  constructor(entries: readonly EntryV1[]) {
    this.#entries = entries;
  }

  first(): EntryV1 {
    return this.#entries[0] as EntryV1;
  }

  all<T extends EntryType>(type: T): readonly { readonly entry: EntryV1; readonly body: Body<T> }[] {
    return this.#entries
      .filter((e) => e.type === type)
      .map((entry) => ({ entry, body: entry.body as Body<T> }));
  }

  last<T extends EntryType>(type: T): Body<T> | undefined {
    return this.all(type).at(-1)?.body;
  }

  of<T extends 'consent.given' | 'place.put_aside' | 'place.restored' | 'component.recovered'>(
    type: T,
    component: string,
  ) {
    return this.all(type).filter(({ body }) => body.component === component);
  }

  output(step: string): Readonly<Record<string, unknown>> | undefined {
    const finished = this.#entries.findLast((e) => e.type === 'step.finished' && e.step === step);
    return finished?.body['output'] as Readonly<Record<string, unknown>> | undefined;
  }

  /** The last failure of a component's steps that no later try of the same step made good. */
  failure(component: string): Component['error'] {
    const mine = this.#entries.filter(
      (e) => e.step !== null && e.step.slice(e.step.indexOf(':') + 1) === component,
    );
    const failed = mine.findLast(
      (e) =>
        e.type === 'step.failed' &&
        !mine.some((f) => f.type === 'step.finished' && f.step === e.step && f.seq > e.seq),
    );
    return failed === undefined
      ? null
      : (({ code, message, params }: Body<'step.failed'>) => ({
          code,
          message,
          ...(params !== undefined && { params }),
        }))(failed.body as Body<'step.failed'>);
  }

  /** Refused before the first act, with all others: what lay in its place. */
  refusal(component: string): Component['error'] {
    const last = this.#entries.findLast((e) => e.step === 'place' && e.type.startsWith('step.'));
    const { code, params } = (last?.body ?? {}) as Partial<Body<'step.failed'>>;
    if (code !== 'recovery.refused') return null;
    const { components, found } = params as unknown as Refused;
    const at = components.indexOf(component);
    if (at === -1) return null;
    const { place = 'in-situ' } = (this.last('run.started')?.args ?? {}) as Partial<RecordedArgs>;
    const occupied = { component, place, found: found[at] ?? '?' };
    const { code: own, message } = new RepriseError('place.occupied', occupied);
    return { code: own, message, params: occupied };
  }

  /** Services stopped for a restore and not started again, each with what it was stopped for. */
  leftStopped(): readonly { readonly service: string; readonly components: string[] }[] {
    const stopped = new Map<string, Set<string>>();
    for (const { type, body } of this.#entries) {
      const service = String(body['service']);
      if (type === 'service.started') stopped.delete(service);
      if (type === 'service.stopped')
        stopped.set(service, (stopped.get(service) ?? new Set()).add(String(body['component'])));
    }
    return [...stopped].map(([service, components]) => ({ service, components: [...components] }));
  }

  /** Put aside for a component that was not restored afterwards. */
  leftAside(): readonly { readonly component: string; readonly where: string }[] {
    const left = new Map<string, string>();
    for (const { type, body } of this.#entries) {
      const component = String(body['component']);
      if (type === 'place.restored') left.delete(component);
      if (type === 'place.put_aside' && typeof body['renamed'] === 'string' && !left.has(component))
        left.set(component, body['renamed']);
    }
    return [...left].map(([component, where]) => ({ component, where }));
  }

  components(choices: Choices | undefined, asked: string | undefined): readonly string[] {
    if (choices !== undefined) return Object.keys(choices.components);
    return asked === undefined ? [] : [asked];
  }

  closing(): { state: RecoveryRecord['state']; exit: number | null; at: string | null; findings: Finding[] } {
    const open = { state: 'open', exit: null, at: null, findings: [] } as const;
    const end = this.#entries.findLast((e) => e.type.startsWith('run.') && e.type !== 'run.started');
    if (end === undefined || end.type === 'run.resumed') return { ...open, findings: [] };
    if (end.type === 'run.interrupted') return { state: 'interrupted', exit: 130, at: end.at, findings: [] };
    const { exit, findings } = end.body as Body<'run.finished'>;
    return {
      state: end.type === 'run.finished' ? 'finished' : 'failed',
      exit,
      at: end.at,
      findings: [...findings],
    };
  }
}

const refusals = new Set([
  'place.occupied',
  'place.no-room',
  'place.unproven',
  'place.live',
  'rebuild.unsupported',
]);

function componentOf(facts: Facts, component: string, choices: Choices | undefined): Component {
  const back = facts.of('component.recovered', component).at(-1)?.body;
  const restored = facts.of('place.restored', component).at(-1)?.body;
  const choice = choices?.components[component];
  const error = facts.failure(component) ?? facts.refusal(component);
  const state = (): Component['state'] => {
    if (error !== null) return refusals.has(error.code) ? 'refused' : 'failed';
    if (back !== undefined)
      return back.findings.some((f) => f.code === 'recovery.service-not-moved') ? 'restored' : 'in-service';
    return restored !== undefined ? 'restored' : 'unfinished';
  };
  const consent = facts.of('consent.given', component).at(-1);
  const read = restored?.findings.find((f) => f.code === 'recovery.read-from')?.params['repository'];
  return {
    component,
    state: state(),
    point: restored?.point ?? choice?.point ?? null,
    as_of: choice?.as_of ?? null,
    repository: typeof read === 'string' ? read : null,
    bytes: restored?.bytes ?? null,
    restore_ms: restored === undefined || restored.ms === 0 ? null : restored.ms,
    consent:
      consent === undefined
        ? null
        : {
            how: consent.body.how,
            at: consent.entry.at,
            renamed: facts.of('place.put_aside', component).at(-1)?.body.renamed ?? consent.body.renamed,
          },
    rpo: back?.rpo ?? null,
    rto: back?.rto ?? null,
    error,
    findings: [...(back?.findings ?? restored?.findings ?? [])],
  };
}
