import type { Command, Host, Running } from '../../hosts/host.ts';

/** What a kind did on a host; `fail` makes chosen programs end badly although they did their work. */
export interface Spy {
  readonly host: Host;
  readonly argv: readonly (readonly string[])[];
  readonly environments: readonly string[];
  /** Base names of the programs that were started, in order. */
  readonly programs: readonly string[];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Every command line is seen: nothing depends on catching a process while it lives. */
export function spy(host: Host, fail: (program: string, nth: number) => boolean = () => false): Spy {
  const argv: (readonly string[])[] = [];
  const environments: string[] = [];
  const programs: string[] = [];
  const note = (command: Command): boolean => {
    argv.push(command.argv);
    environments.push(JSON.stringify(command.env ?? {}));
    const program = baseName(command.argv[0]);
    programs.push(program);
    return fail(program, programs.filter((p) => p === program).length);
  };
  const seen: Host = {
    ...host,
    async run(command, signal) {
      const failing = note(command);
      const running = await host.run(command, signal);
      return failing ? endsBadly(running) : running;
    },
    wrap(command) {
      const failing = note(command);
      const wrapped = host.wrap(command);
      return failing ? ['/bin/sh', '-c', '"$@"; exit 1', 'sh', ...wrapped] : wrapped;
    },
  };
  return { host: seen, argv, environments, programs };
}

function endsBadly(running: Running): Running {
  return {
    pid: running.pid,
    stdin: running.stdin,
    stdout: running.stdout,
    get stderr() {
      return running.stderr;
    },
    exit: running.exit.then((exit) => ({ ...exit, code: 1, stderr: 'lost connection' })),
  };
}
