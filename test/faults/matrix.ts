import { moments, type Position } from './positions.ts';

/** Steps × moments, each with what happened. */
export class Matrix {
  readonly #cells = new Map<string, string>();
  readonly #steps: string[] = [];
  readonly title: string;

  constructor(title: string) {
    this.title = title;
  }

  set({ step, moment }: Pick<Position, 'step' | 'moment'>, text: string): void {
    if (!this.#steps.includes(step)) this.#steps.push(step);
    this.#cells.set(`${moment}@${step}`, text);
  }

  text(): string {
    const head = [this.title, ...moments];
    const rows = this.#steps.map((s) => [s, ...moments.map((m) => this.#cells.get(`${m}@${s}`) ?? '–')]);
    const widths = head.map((_, i) => Math.max(...[head, ...rows].map((r) => (r[i] ?? '').length)));
    return [head, widths.map((w) => '─'.repeat(w)), ...rows]
      .map((r) =>
        r
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}
