import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A value that must not be seen. Prints as `[secret]` wherever it is turned into text, JSON or a log line; a command
 * line is made of strings, so it cannot be built from one. `reveal` is for the pipe, 0600 file or environment of the
 * one process that needs it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

/**
 * Replaces every occurrence of the secrets in a text, longest first (one may contain another). A secret of several
 * lines is also hidden line by line: programs quote one line of a key file in their errors.
 */
export function mask(text: string, secrets: Iterable<Secret>): string {
  const values = [...secrets]
    .map((s) => s.reveal())
    .flatMap((v) => [v, ...v.split('\n').filter((line) => line.length > 7)])
    .filter((v) => v !== '');
  return values.toSorted((a, b) => b.length - a.length).reduce((t, v) => t.replaceAll(v, () => shown), text);
}
