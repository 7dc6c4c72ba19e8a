import type { Capture, CaptureResult, Part } from './kind.ts';

/** A capture written as one recipe: parts are yielded, what is known of the whole is returned. */
export type Captures = AsyncGenerator<Part, CaptureResult>;

/**
 * `done` settles with the recipe's value, with its error, or — when whoever stores the parts stops early — rejects:
 * then the parts are debris. `failed` says beforehand that it will fail, and why: what then befalls a part that is
 * being stored is the consequence. Disposal runs the recipe's `finally` and `await using` in every case.
 */
export function capturing(recipe: (failed: (why: unknown) => void) => Captures): Capture {
  const { promise: done, resolve, reject } = Promise.withResolvers<CaptureResult>();
  done.catch(() => {}); // whoever stores the parts meets the same error first
  const running = recipe(reject);
  const parts = async function* (): AsyncGenerator<Part> {
    try {
      resolve(yield* running);
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      reject(new Error('The capture was given up before its end.')); // changes nothing when it has settled
    }
  };
  const iterable = parts();
  return {
    parts: iterable,
    done,
    async [Symbol.asyncDispose]() {
      await iterable.return(undefined);
      await running.return(undefined as never);
      reject(new Error('The capture was given up before its end.'));
    },
  };
}
