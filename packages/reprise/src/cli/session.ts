import type { Readable, Writable } from 'node:stream';

import type { Language, Log } from '../lib/language.ts';

/** What the process was started with; given in, so that tests give their own. */
export interface Io {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/** How text is laid out for this reader. */
export interface Look {
  readonly language: Language;
  readonly colour: boolean;
  /** Columns of the terminal; between 80 and 120. */
  readonly width: number;
}

/** Options that every command has. */
export interface Globals {
  readonly plan?: string;
  readonly home?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** One command being carried out. */
export interface Session {
  readonly io: Io;
  readonly look: Look;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** What `app.ts` is opened with. */
  readonly app: {
    readonly planFile: string;
    readonly home?: string;
    readonly env: Io['env'];
    readonly language: Language;
    readonly log: Log;
  };
}

/** What a command comes to: a document for machines, its text for people, the exit code of the contract. */
export interface Outcome {
  readonly report: { readonly exit: number };
  /** Made only where it is printed; may itself load what it needs. Nothing is printed of an empty one. */
  readonly text: () => string | Promise<string>;
}
/** A command that prints as it goes, or prints one text only (`journal show`, `plan schema`). */
export interface Streamed {
  readonly exit: number;
}
export type Act<A extends readonly unknown[], O> = (
  session: Session,
  args: A,
  options: O,
) => Promise<Outcome | Streamed>;

export const isTerminal = ({ isTTY }: { readonly isTTY?: boolean }): boolean => isTTY === true;

export function lookOf({ env, stdout }: Pick<Io, 'env' | 'stdout'>, language: Language): Look {
  const colour = isTerminal(stdout) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return { language, colour, width: Math.min(120, Math.max(80, stdout.columns ?? 100)) };
}
