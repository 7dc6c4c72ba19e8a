import type { Point } from '@reprise/contracts';

import type { Restorable } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { codeText, withCodesSaid } from '../lib/i18n/codes.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Repository } from '../repository/repository.ts';
import { copiesInOrder, type Store } from './choose.ts';
import type { RecoveryDeps } from './deps.ts';

/** Which repositories a process has found to open, and which not (by error code): asked once, since each call costs. */
export class Sources {
  readonly #deps: Pick<RecoveryDeps, 'plan' | 'repository' | 'read' | 'log'>;
  readonly #opened = new Map<string, Promise<Repository>>();
  readonly #failed = new Map<string, string>();

  constructor(deps: Pick<RecoveryDeps, 'plan' | 'repository' | 'read' | 'log'>) {
    this.#deps = deps;
  }

  /** Repositories that did not open or could not be read in this process. */
  get unusable(): ReadonlySet<string> {
    return new Set(this.#failed.keys());
  }

  /**
   * Those among them that never opened, each with the code that says why: there is no use in writing to them. One that
   * opened may have a damaged pack, and can hold a new snapshot all the same.
   */
  get unopened(): ReadonlyMap<string, string> {
    return new Map([...this.#failed].filter(([name]) => !this.#opened.has(name)));
  }

  /**
   * Does `use` with the point as it lies in its best copy; when that cannot be read, with the next one. A primary that
   * is gone does not stop a recovery. `use` must be able to begin anew after it failed.
   * Throws `recovery.no-copy`, or what `use` threw with the only copy; what no other copy would change, and an abort,
   * at once.
   */
  async read<T>(
    point: Point,
    run: string | null,
    signal: AbortSignal,
    use: (from: Restorable) => Promise<T>,
  ): Promise<{ readonly result: T; readonly repository: string; readonly others: string | null }> {
    const tried: string[] = [];
    let last: unknown;
    for (const copy of copiesInOrder(point, this.#stores(), this.unusable)) {
      try {
        const repository = await this.#open(copy.repository, run, signal);
        const result = await use(this.#deps.read(repository, point, copy.parts));
        return { result, repository: copy.repository, others: tried.length === 0 ? null : tried.join(', ') };
      } catch (e) {
        signal.throwIfAborted();
        if (blamesTheMachine(e)) throw e;
        last = e;
        const code = blameOf(e);
        if (code.startsWith('repository.')) this.#failed.set(copy.repository, code);
        tried.push(`${copy.repository} (${code})`);
        this.#deps.log(
          inBoth((t, language) =>
            t['log.other-copy']({
              point: point.id,
              repository: copy.repository,
              why: codeText(code, language),
            }),
          ),
        );
      }
    }
    if (tried.length === 1 && last instanceof RepriseError) throw last;
    throw new RepriseError(
      'recovery.no-copy',
      {
        point: point.id,
        tried: inBoth((_, language) => withCodesSaid(tried.join(', '), language) || '–'),
      },
      { cause: last },
    );
  }

  #stores(): readonly Store[] {
    return Object.entries(this.#deps.plan.plan.repositories).map(([name, { role }]) => ({ name, role }));
  }

  /** Asks for its id, which opens it with the password; what failed once is asked again when nothing else is left. */
  async #open(name: string, run: string | null, signal: AbortSignal): Promise<Repository> {
    const open = async (): Promise<Repository> => {
      const repository = this.#deps.repository(name, run);
      await repository.id(signal);
      return repository;
    };
    const opened = this.#opened.get(name) ?? open();
    this.#opened.set(name, opened);
    try {
      return await opened;
    } catch (e) {
      this.#opened.delete(name);
      throw e;
    }
  }
}

/** No other copy would change these: the place, its service, its room, the programs there. */
const ofTheMachine =
  /^(place|service|scratch)\.|^(process\.missing|kind\.not-vacant|recovery\.other-kind|repository\.(target-full|too-old))$/;
const blamesTheMachine = (e: unknown): boolean => e instanceof RepriseError && ofTheMachine.test(e.code);

/** The code that says best what was wrong: a repository's own, if one is among the causes. */
function blameOf(e: unknown): string {
  let code: string | undefined;
  for (let at: unknown = e; at instanceof Error; at = at.cause) {
    if (!(at instanceof RepriseError)) continue;
    if (at.code.startsWith('repository.')) return at.code;
    code ??= at.code;
  }
  return code ?? (e instanceof Error ? e.message : String(e));
}
