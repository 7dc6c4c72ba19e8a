import process from 'node:process';

import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';
import type { Io } from './session.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C ends the work in order; the second one at once, and `resume` finds what it left. */
export function interruptible(io: Io, language: Language): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      process.exit(130); // children, services and journal are settled by the guardian and by `resume`
    }
    io.stderr.write(`\n${words(language)['cli.stopping']}\n`);
    controller.abort(new DOMException(signal, 'AbortError'));
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
}
