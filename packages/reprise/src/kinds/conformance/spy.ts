import type { Command, Host, Running } from '../../hosts/host.ts';

/** What happens to a program although nothing is wrong with it: it ends badly after its work, or never ends. */
export type Mishap = 'fails' | 'hangs' | undefined;

/** What a kind did on a host. */
export interface Spy {
  readonly host: Host;
  readonly argv: readonly (readonly string[])[];
  readonly environments: readonly string[];
  /** Base names of the programs that were started, in order. */
  readonly programs: readonly string[];
}

const forEver = ['sleep', '3600'] as const;
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Every command line is seen: nothing depends on catching a process while it lives. */
export function spy(host: Host, mishap: (program: string) => Mishap = () => undefined): Spy {
  const argv: (readonly string[])[] = [];
  const environments: string[] = [];
  const programs: string[] = [];
  const note = (command: Command): Mishap => {
    argv.push(command.argv);
    environments.push(JSON.stringify(command.env ?? {}));
    const program = baseName(command.argv[0]);
    programs.push(program);
    return mishap(program);
  };
  const seen: Host = {
    ...host,
    async run(command, signal) {
      const fate = note(command);
      const running = await host.run(fate === 'hangs' ? { ...command, argv: forEver } : command, signal);
      return fate === 'fails' ? endsBadly(running) : running;
    },
    wrap(command) {
      const fate = note(command);
      if (fate === 'hangs') return host.wrap({ ...command, argv: forEver });
      const wrapped = host.wrap(command);
      return fate === 'fails' ? ['/bin/sh', '-c', '"$@"; exit 1', 'sh', ...wrapped] : wrapped;
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
