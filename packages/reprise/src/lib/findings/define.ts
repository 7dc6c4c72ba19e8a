/** What was found, and what it does not prove (null where nothing needs saying). */
export interface FindingText {
  readonly message: string;
  readonly notProven: string | null;
}
export interface FindingDefinition<P = never> {
  readonly en: (params: P) => FindingText;
  readonly fr: (params: P) => FindingText;
}

/** One code; the text may differ by verdict, which is given as `params.verdict`. */
export const finding = <P extends object>(
  en: (
    params: P & { verdict: 'pass' | 'fail' | 'unable'; subject: string },
  ) => readonly [message: string, notProven: string | null],
  fr: (
    params: P & { verdict: 'pass' | 'fail' | 'unable'; subject: string },
  ) => readonly [message: string, notProven: string | null],
): FindingDefinition<P> => ({ en: (p) => text(en(p as never)), fr: (p) => text(fr(p as never)) });

const text = ([message, notProven]: readonly [string, string | null]): FindingText => ({
  message,
  notProven,
});
