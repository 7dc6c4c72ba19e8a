type Message = (params: never) => string;

/** One area's messages. French must have the same keys and parameters: a missing or misspelt one does not compile. */
export const messages = <M extends Readonly<Record<string, Message | string>>>(
  en: M,
  fr: { readonly [K in keyof M]: M[K] extends (params: infer P) => string ? (params: P) => string : string },
): { readonly en: M; readonly fr: M } => ({ en, fr: fr as unknown as M });

const rules = { en: new Intl.PluralRules('en'), fr: new Intl.PluralRules('fr') };

/** `plural('fr', n, 'point', 'points')`; French also has "many" (1 000 000 de points): give it as the third form. */
export const plural = (language: 'en' | 'fr', n: number, one: string, other: string, many = other): string =>
  ({ one, other, many })[rules[language].select(n) as 'one' | 'other' | 'many'] ?? other;
