import { inspect } from 'node:util';

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
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
