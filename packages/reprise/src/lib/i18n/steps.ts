import type { Language } from '../language.ts';
import { words, type Messages } from './index.ts';

type Plain = 'incident' | 'choose' | 'place' | 'system';
type Known = Extract<keyof Messages, `step.${string}`> extends `step.${infer S}` ? S : never;

/** The name of a step as a person reads it: `state-copy:offsite` is « consigner dans offsite ». Unknown names stay. */
export function stepText(step: string, language: Language): string {
  const t = words(language);
  const colon = step.indexOf(':');
  const [what, of] = colon === -1 ? [step, ''] : [step.slice(0, colon), step.slice(colon + 1)];
  if (what === 'verify') {
    const [point = '', repository] = of.split(/:(?=[^:]*$)/);
    return t['step.of-in']({ what: t['step.verify']({ of: point }), where: repository ?? '?' });
  }
  const said = t[`step.${what as Exclude<Known, 'of-in' | Plain>}`] as
    | ((p: { of: string }) => string)
    | string
    | undefined;
  if (said === undefined) return step;
  return typeof said === 'string' ? said : said({ of });
}

/** How far a point was checked. */
export const levelText = (level: 'stored' | 'read' | 'parsed' | 'drilled', language: Language): string =>
  words(language)[`level.${level}`];

/** `in-situ`, `directory:/path` as a person reads it. */
export function placeText(place: string, language: Language): string {
  const t = words(language);
  if (place === 'in-situ') return t['place.in-situ'];
  return place.startsWith('directory:')
    ? t['place.directory']({ path: place.slice('directory:'.length) })
    : place;
}

const known = (t: Messages, key: string): string | undefined => {
  const said = (t as unknown as Readonly<Record<string, unknown>>)[key];
  return typeof said === 'string' ? said : undefined;
};

/** `backup` → « sauvegarde ». */
export const recipeText = (recipe: string, language: Language): string =>
  known(words(language), `recipe.${recipe}`) ?? recipe;

export const runStateText = (state: string, language: Language): string =>
  known(words(language), `recipe.state.${state}`) ?? state;
