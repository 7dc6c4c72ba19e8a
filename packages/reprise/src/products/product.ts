import type { Finding, PartRecord, Point } from '@reprise/contracts';
import type { z } from 'zod';

import { capturing } from '../kinds/capturing.ts';
import type {
  AnyKind,
  Capture,
  CaptureResult,
  ComponentKind,
  Context,
  HandStep,
  Method,
  Part,
  Place,
  Restorable,
  Vacant,
} from '../kinds/kind.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { said } from '../lib/language.ts';
import { both, earliest, latest, memberOf, merged, prefixed, weakest } from './members.ts';

/** A kind that a product is made of, with the spec that follows from the product's. */
export interface Member<S> {
  /** Short; stands before the names of its parts and inventory items. */
  readonly name: string;
  readonly kind: AnyKind;
  readonly spec: (product: S) => Readonly<Record<string, unknown>>;
}

export interface Product<S extends z.ZodObject> {
  readonly name: string;
  readonly spec: S;
  /** In the order of capture; they are restored the other way round. */
  readonly members: readonly [Member<z.output<S>>, ...Member<z.output<S>>[]];
  /** Do the members fit together? Asked of the live or restored product. */
  readonly check: (spec: z.output<S>, at: Context) => Promise<readonly Finding[]>;
  readonly relocate: (spec: z.output<S>, place: Place) => z.output<S>;
}

/**
 * A product as a kind like any other: one component of the plan, one point, with the parts of all its members. It has
 * no capture code of its own; what it adds is the order, one interval of as-of times, and the check that the members
 * fit together, which is part of `verify`. Nothing else in Reprise knows that there are products.
 */
export function product<S extends z.ZodObject>(made: Product<S>): ComponentKind<S> {
  type Spec = z.output<S>;
  const { members } = made;
  const together = composite(made);
  const each = async <T>(spec: Spec, body: (m: Member<Spec>, own: never) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (const m of members) results.push(await body(m, m.spec(spec) as never));
    return results;
  };
  const queried = members.find((m) => m.kind.query !== undefined);
  return {
    name: made.name,
    spec: made.spec,
    methods: { [together.name]: together },
    defaultMethod: together.name,
    defaultLevel: members.some((m) => m.kind.defaultLevel === 'parsed') ? 'parsed' : 'stored',
    async *discover() {}, // its members are found; that they belong together only a person knows
    relocate: made.relocate,
    async isVacant(spec, at) {
      const all = await each(spec, (m, own) => m.kind.isVacant(own, at));
      const found = all.flatMap((v) => (v.vacant ? [] : [v.found ?? '?']));
      // No single identity stands for several places: a claim says "was not there", and nothing is wiped for it.
      return {
        vacant: found.length === 0,
        found:
          found.length === 0
            ? null
            : inBoth((t, language) => found.map((f) => said(f, language)).join(t.between)),
        identity: null,
      };
    },
    async clear(spec, at, how, suffix) {
      const names = await each(spec, (m, own) => m.kind.clear(own, at, how, suffix));
      return names.some((n) => n !== null) ? names.filter((n) => n !== null).join(', ') : null;
    },
    async verify(spec, at, recorded) {
      const own = await each(spec, (m, s) => m.kind.verify(s, at, memberOf(m.name, recorded)));
      return [...own.flat(), ...(await made.check(spec, at))];
    },
    ...(queried?.kind.query === undefined
      ? {}
      : {
          query: async (spec: Spec, at: Context, database: string | undefined, sql: string) =>
            await queried.kind.query?.(queried.spec(spec), at, database, sql),
        }),
    paths: (spec) => members.flatMap((m) => m.kind.paths?.(m.spec(spec) as never) ?? []),
    extents: (spec) => members.flatMap((m) => m.kind.extents?.(m.spec(spec) as never) ?? []),
  };
}

const defaultMethodOf = (kind: AnyKind): Method<never> => {
  const method = kind.methods[kind.defaultMethod];
  if (method === undefined)
    throw new TypeError(`${kind.name} captures nothing: it cannot be a member of a product`);
  return method;
};

/** The members' default methods, one after the other. */
function composite<S extends z.ZodObject>({ members }: Product<S>): Method<z.output<S>> {
  type Spec = z.output<S>;
  const parts = members.map((m) => ({ m, method: defaultMethodOf(m.kind) }));
  const collect = async (
    body: (of: (typeof parts)[number]) => Promise<readonly Finding[]>,
  ): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for (const of of parts) findings.push(...(await body(of)));
    return findings;
  };
  return {
    name: 'composite',
    traits: parts.map(({ method }) => method.traits).reduce(weakest),
    preflight: (spec, at) => collect(({ m, method }) => method.preflight(m.spec(spec) as never, at)),
    capture: async (spec, at, since) =>
      capturing(async function* () {
        const results: { member: string; result: CaptureResult }[] = [];
        for (const { m, method } of parts) {
          await using capture = await method.capture(
            m.spec(spec) as never,
            at,
            since && pointOf(m.name, since),
          );
          yield* prefixedParts(m.name, capture);
          results.push({ member: m.name, result: await capture.done });
        }
        return combined(results);
      }),
    inspect: (stored, at) => collect(({ m, method }) => method.inspect(storedOf(m.name, stored), at)),
    async forecast(stored, spec: Spec, at) {
      const all = [];
      for (const { m, method } of parts)
        all.push(await method.forecast(storedOf(m.name, stored), m.spec(spec) as never, at));
      return { scratch: Math.max(...all.map((f) => f.scratch)), findings: all.flatMap((f) => f.findings) };
    },
    async restore(from, into, at, until) {
      for (const { m, method } of parts.toReversed()) {
        const own = { ...into, spec: m.spec(into.spec) } as unknown as Vacant<never>;
        await method.restore(storedOf(m.name, from), own, at, until);
      }
    },
    byHand: (point, spec) =>
      parts
        .toReversed()
        .flatMap(({ m, method }) =>
          method.byHand(pointOf(m.name, point), m.spec(spec) as never).map((step) => withParts(m.name, step)),
        ),
  };
}

async function* prefixedParts(member: string, capture: Capture): AsyncGenerator<Part> {
  for await (const part of capture.parts) yield { ...part, name: prefixed(member, part.name) };
}

function combined(results: readonly { member: string; result: CaptureResult }[]): CaptureResult {
  const all = results.map((r) => r.result);
  return {
    asOf: {
      from: earliest(all.map((r) => r.asOf.from)),
      to: latest(all.map((r) => r.asOf.to)),
      clock: all.every((r) => r.asOf.clock === 'server') ? 'server' : 'host',
      offset_ms: all.map((r) => r.asOf.offset_ms).reduce(both),
    },
    inventory: merged(results.map(({ member, result }) => ({ member, inventory: result.inventory }))),
    tools: Object.assign({}, ...all.map((r) => r.tools)) as Record<string, string>,
    server: all.map((r) => r.server).find((s) => s !== null) ?? null,
    findings: all.flatMap((r) => r.findings),
  };
}

/** The point as this member made it. */
function pointOf(member: string, point: Point): Point {
  const own = (part: PartRecord): PartRecord[] =>
    part.name.startsWith(prefixed(member, ''))
      ? [{ ...part, name: part.name.slice(prefixed(member, '').length) }]
      : [];
  const copies = point.copies.map((copy) => ({ ...copy, parts: copy.parts.flatMap(own) }));
  const bytes = (copies[0]?.parts ?? []).reduce((sum, p) => sum + p.bytes, 0);
  return { ...point, bytes, copies, inventory: memberOf(member, point.inventory) };
}

const storedOf = (member: string, stored: Restorable): Restorable => ({
  point: pointOf(member, stored.point),
  chain: stored.chain.map((p) => pointOf(member, p)),
  open: (part, signal) => stored.open(prefixed(member, part), signal),
  place: (part, directory, signal) => stored.place(prefixed(member, part), directory, signal),
});

/** `{{snapshot:db}}` of a member is `{{snapshot:<member>.db}}` of the product. */
const withParts = (member: string, step: HandStep): HandStep => ({
  ...step,
  shell: step.shell.replaceAll(/\{\{(snapshot|path):/g, `{{$1:${prefixed(member, '')}`),
});
