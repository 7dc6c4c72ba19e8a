import type { Params } from '@reprise/contracts';

export interface Expanded {
  readonly text: string;
  /** The text was one `${NAME}` and nothing else. */
  readonly whole: boolean;
  readonly faults: readonly {
    readonly code: 'plan.variable-missing' | 'plan.variable-syntax';
    readonly params: Params;
  }[];
}

/** Replaces `${NAME}` by the variable's value; `$${` stands for `${` itself. Values are not expanded again. */
export function expand(text: string, env: Readonly<Record<string, string | undefined>>): Expanded {
  const faults: Expanded['faults'][number][] = [];
  let matches = 0;
  let whole = false;
  const replaced = text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (match: string, name: string, end: string) => {
    matches += 1;
    if (match === '$${') return '${';
    if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      faults.push({ code: 'plan.variable-syntax', params: { text: match.slice(0, 60) } });
      return match;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) {
      faults.push({ code: 'plan.variable-missing', params: { name } });
      return match;
    }
    whole = match.length === text.length;
    return value;
  });
  return { text: replaced, whole: whole && matches === 1, faults };
}
