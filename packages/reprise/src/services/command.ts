import type { Finding, PlanCommand, PlanService, SecretRef } from '@reprise/contracts';

import { howEnded, text } from '../hosts/finish.ts';
import type { TimedCommand } from '../hosts/guardian.ts';
import type { Exit, Host } from '../hosts/host.ts';
import type { Clock } from '../lib/clock.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { Secret } from '../lib/secret.ts';
import { commandOf, perform, within } from './planned.ts';
import type { Service, ServiceState } from './service.ts';

type CommandPlan = Extract<PlanService, { kind: 'command' }>;
export interface CommandDeps {
  readonly name: string;
  readonly plan: CommandPlan;
  /** The place's variables, as environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly host: Host;
  readonly clock: Clock;
  secret(ref: SecretRef, signal: AbortSignal): Promise<Secret>;
}
type Named = 'start' | 'stop' | 'ready' | 'state' | 'pause' | 'resume';

/**
 * A service that the plan's own commands start, stop and ask. What `start` and `resume` leave running is the service:
 * it outlives Reprise, holds none of its pipes and carries no REPRISE_RUN (`Command.lasting`), so nothing of Reprise
 * ends it. Its output goes where the start command sends it, else to a file below the host's scratch.
 */
export function commandService(deps: CommandDeps): Service {
  const { name, plan, host, clock } = deps;

  const prepared = async (which: Named, signal: AbortSignal): Promise<TimedCommand> => {
    // How the guardian finds a stop that is still on its way when Reprise was killed; see hosts/guardian.ts.
    const marker: Record<string, string> =
      which === 'stop' || which === 'pause' ? { REPRISE_STOPPING: name } : {};
    const variables = { ...deps.variables, ...marker };
    const command = await commandOf(planned(deps, which), variables, (ref) => deps.secret(ref, signal));
    return { ...command, lasting: which === 'start' || which === 'resume' };
  };
  const ended = async (which: Named, signal: AbortSignal): Promise<Exit | 'timeout'> =>
    await perform(host, await prepared(which, signal), signal);
  const failed = (which: Named, how: string, stderr = ''): RepriseError =>
    new RepriseError('service.command-failed', { service: name, command: which, how, stderr: stderr.trim() });
  const insist = async (which: Named, signal: AbortSignal): Promise<void> => {
    const exit = await ended(which, signal);
    if (exit === 'timeout') throw failed(which, `> ${planned(deps, which).timeout} ms`);
    if (exit.code !== 0) throw failed(which, howEnded(exit), exit.stderr);
  };

  const ready = async (signal: AbortSignal): Promise<Finding> => {
    try {
      const exit = await ended('ready', signal);
      if (exit === 'timeout')
        return judge('fail', 'service.ready', name, { how: `> ${plan.ready.timeout} ms` });
      if (exit.code === 0) return judge('pass', 'service.ready', name, { how: 'exit 0' });
      const said = exit.stderr.trim().split('\n').at(-1) ?? '';
      return judge('fail', 'service.ready', name, { how: [howEnded(exit), said].filter(Boolean).join(': ') });
    } catch (e) {
      if (!cannotRun(e)) throw e;
      return judge('unable', 'service.ready', name, { how: e.message });
    }
  };
  const state = async (signal: AbortSignal): Promise<ServiceState> => {
    if (plan.state !== undefined) {
      const command = await prepared('state', signal);
      const said = await within(command.timeout, signal, (either) =>
        text(host, command, either, 64 * 1024),
      ).catch((e: unknown) => (isError(e, 'process.failed') ? 'unknown' : Promise.reject(e)));
      const word = said.trim();
      return word === 'running' || word === 'stopped' || word === 'paused' ? word : 'unknown';
    }
    const { verdict } = await ready(signal);
    return verdict === 'pass' ? 'running' : verdict === 'fail' ? 'stopped' : 'unknown';
  };

  /** Polls until `is` holds; the last answer where it does not within `ms`. */
  const until = async <T>(
    ms: number,
    signal: AbortSignal,
    ask: () => Promise<T>,
    is: (answer: T) => boolean,
  ) => {
    const end = clock.monotonic() + ms;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      const answer = await ask();
      if (is(answer) || clock.monotonic() >= end) return answer;
      await clock.sleep(pause, signal);
    }
  };
  const untilReady = async (ms: number, signal: AbortSignal): Promise<void> => {
    const last = await until(
      ms,
      signal,
      () => ready(signal),
      (f) => f.verdict !== 'fail',
    );
    if (last.verdict === 'pass') return;
    const how = String(last.params['how']);
    throw new RepriseError('service.not-ready', { service: name, seconds: Math.round(ms / 1000), last: how });
  };

  const notStopped = (): RepriseError =>
    new RepriseError('service.not-stopped', { service: name, seconds: Math.round(plan.stop.timeout / 1000) });

  /**
   * A probe that fails does not show that nothing runs: a program that hangs or is still starting does not answer
   * either. Its stop command may fail where there is nothing to stop; it may not hang, and nothing may answer after it.
   */
  const stopUnseen = async (signal: AbortSignal): Promise<void> => {
    const exit = await ended('stop', signal).catch((e: unknown) => {
      signal.throwIfAborted();
      // Nor can it be run where its program, folder, user or secrets are not back yet.
      if (!(e instanceof RepriseError)) throw e;
    });
    if (exit === 'timeout') throw failed('stop', `> ${plan.stop.timeout} ms`);
    if ((await state(signal)) !== 'stopped') throw notStopped();
  };

  const service: Service = {
    name,
    kind: 'command',
    state,
    ready,
    async start(signal) {
      const now = await state(signal);
      if (now === 'paused') return await service.resume(signal);
      if (now === 'running' && (await ready(signal)).verdict === 'pass') return;
      const began = clock.monotonic();
      try {
        await insist('start', signal);
      } catch (e) {
        // Somebody else started it meanwhile (a guardian): what counts is that it answers.
        if (!isError(e, 'service.command-failed') || (await ready(signal)).verdict !== 'pass') throw e;
      }
      await untilReady(plan.start.timeout - (clock.monotonic() - began), signal);
    },
    async stop(signal) {
      if ((await state(signal)) === 'stopped')
        return plan.state === undefined ? await stopUnseen(signal) : undefined;
      const began = clock.monotonic();
      await insist('stop', signal);
      const left = plan.stop.timeout - (clock.monotonic() - began);
      const last = await until(
        left,
        signal,
        () => state(signal),
        (s) => s === 'stopped' || s === 'unknown',
      );
      if (last !== 'stopped') throw notStopped();
    },
    async pause(signal) {
      planned(deps, 'resume'); // never pause what nobody could resume
      if ((await state(signal)) !== 'paused') await insist('pause', signal);
    },
    async resume(signal) {
      await insist('resume', signal);
      await untilReady(planned(deps, 'resume').timeout, signal);
    },
    async undo(before, how, signal) {
      if (before !== 'running') return undefined; // what was stopped stays stopped, what was paused stays paused
      const command = await prepared(how === 'stop' ? 'start' : 'resume', signal);
      return { service: name, command, ready: await prepared('ready', signal), always: how === 'pause' };
    },
    enter: async () => host,
  };
  return service;
}

function planned({ name, plan }: CommandDeps, which: Named): PlanCommand {
  const command = plan[which];
  if (command === undefined)
    throw new RepriseError('service.command-missing', { service: name, command: which });
  return command;
}

const cannotRun = (e: unknown): e is RepriseError =>
  isError(e, 'process.missing') ||
  isError(e, 'user.missing') ||
  isError(e, 'user.forbidden') ||
  isError(e, 'path.failed');
