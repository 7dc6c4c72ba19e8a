import { Readable } from 'node:stream';

import type { Host } from '../../hosts/host.ts';
import { instant } from '../../lib/clock.ts';
import type { Capture, Context, Method } from '../kind.ts';
import type { Setup, World } from './setup.ts';

/** A kind with one defect, and the case that must catch it, saying why. */
export interface Broken {
  readonly name: string;
  readonly caughtBy: RegExp;
  readonly because: RegExp;
  breaks<S>(setup: Setup<S>): Setup<S>;
}

type Change<S> = (method: Method<S>, world: World<S>) => Partial<Method<S>>;

const withMethod =
  (change: <S>(...args: Parameters<Change<S>>) => Partial<Method<S>>): Broken['breaks'] =>
  (setup) => ({
    ...setup,
    async world(run, scratchRoot) {
      const world = await setup.world(run, scratchRoot);
      return { ...world, method: { ...world.method, ...change(world.method, world) } };
    },
  });

const onHost = (at: Context, change: (host: Host) => Partial<Host>): Context => ({
  ...at,
  host: { ...at.host, ...change(at.host) },
});

export const broken: readonly Broken[] = [
  {
    name: 'returns no bytes',
    caughtBy: /every part has bytes/,
    because: /empty/,
    breaks: withMethod((method) => ({
      capture: async (spec, at, since) =>
        changed(await method.capture(spec, at, since), (part) =>
          part.form === 'stream'
            ? { name: part.name, form: 'stream', body: Readable.from([]), complete: Promise.resolve() }
            : part,
        ),
    })),
  },
  {
    name: 'swallows the exit code',
    caughtBy: /a producer that fails/,
    because: /failed, the capture did not/,
    breaks: withMethod((method) => ({
      capture: (spec, at, since) =>
        method.capture(
          spec,
          onHost(at, (host) => ({
            run: async (command, signal) => {
              const running = await host.run(command, signal);
              return { ...running, exit: running.exit.then((exit) => ({ ...exit, code: 0 })) };
            },
          })),
          since,
        ),
    })),
  },
  {
    name: 'ignores the signal',
    caughtBy: /producer hangs/,
    because: /hung and was cancelled/,
    breaks: withMethod((method) => ({
      capture: (spec, at, since) =>
        method.capture(spec, { ...at, signal: new AbortController().signal }, since),
    })),
  },
  {
    name: 'restores into a full place',
    caughtBy: /not vacant is refused/,
    because: /a full place is refused/,
    breaks: withMethod((method, world) => ({
      async restore(from, into, at) {
        await world.kind.clear(into.spec as never, at, 'wipe', 'x');
        await method.restore(from, into, at);
      },
    })),
  },
  {
    name: 'wrong as-of',
    caughtBy: /as-of agrees/,
    because: /before as-of.from, is there/,
    breaks: withMethod((method) => ({
      async capture(spec, at, since) {
        const capture = await method.capture(spec, at, since);
        const done = capture.done.then((result) => {
          const now = instant(at.clock.now());
          return { ...result, asOf: { ...result.asOf, from: now, to: now } };
        });
        done.catch(() => {});
        return { ...changed(capture, (part) => part), done };
      },
    })),
  },
  {
    name: 'leaks scratch',
    caughtBy: /same content, owners and permissions/,
    because: /nothing is left in scratch/,
    breaks: withMethod((method) => ({
      capture: (spec, at, since) =>
        method.capture(
          spec,
          onHost(at, (host) => ({
            scratch: async (bytes, signal, owner) => ({
              path: (await host.scratch(bytes, signal, owner)).path,
              [Symbol.asyncDispose]: async () => {},
            }),
          })),
          since,
        ),
    })),
  },
  {
    name: 'drops ownership',
    caughtBy: /same content, owners and permissions/,
    because: /owner/,
    breaks: withMethod((method) => ({
      restore: (from, into, at) =>
        method.restore(
          from,
          into,
          onHost(at, (host) => ({
            run: (command, signal) =>
              host.run(
                /^ch(own|mod)$/.test(command.argv[0]) ? { ...command, argv: ['true'] } : command,
                signal,
              ),
          })),
        ),
    })),
  },
  {
    name: 'secret in argv',
    caughtBy: /no secret in argv/,
    because: /a secret is in argv/,
    breaks: withMethod((method, world) => ({
      async capture(spec, at, since) {
        const [secret] = world.secrets.values();
        await (
          await at.host.run({ argv: ['true', `--password=${secret?.reveal() ?? ''}`] }, at.signal)
        ).exit;
        return await method.capture(spec, at, since);
      },
    })),
  },
];

type Part = Capture['parts'] extends AsyncIterable<infer P> ? P : never;

/** The same capture with other parts. */
function changed(capture: Capture, change: (part: Part) => Part): Capture {
  return {
    parts: (async function* () {
      for await (const part of capture.parts) yield change(part);
    })(),
    done: capture.done,
    [Symbol.asyncDispose]: () => capture[Symbol.asyncDispose](),
  };
}
