/** The parts of JSON Schema that zod writes for a plan. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly examples?: readonly unknown[];
}

/** docs/reference/plan.md: every key, its type, default and meaning, from the JSON Schema alone. */
export function referencePage(json: object): string {
  const schema = json as Schema;
  const defs = schema.$defs ?? {};
  const root = schema.$ref === undefined ? schema : (defs[nameOf(schema.$ref)] as Schema);
  const sections = Object.entries(defs)
    .filter(([, def]) => def !== root)
    .toSorted(([a], [b]) => a.localeCompare(b));
  return [
    '# Plan, version 1',
    '',
    'Generated from the schema by `npm run generate`; do not edit. The same schema as JSON: [plan.schema.json](plan.schema.json),',
    'or `reprise plan schema`. In an editor: `# yaml-language-server: $schema=…/plan.schema.json` on the first line of the plan.',
    '',
    '`${NAME}` in a value is replaced by the environment variable; `$${` stands for `${` itself. Between `{ }` and `[ ]` write',
    '`"${NAME}"` with quotes. Keys marked * must be given.',
    '',
    '## The plan',
    '',
    ...tables(root),
    ...sections.flatMap(([name, def]) => [
      `## ${name}`,
      '',
      ...(def.description === undefined ? [] : [`${def.description}.`, '']),
      ...tables(def),
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

const variants = (s: Schema): readonly Schema[] | undefined => s.oneOf ?? s.anyOf;

function tables(schema: Schema): readonly string[] {
  const options = variants(schema);
  if (options !== undefined)
    return options.flatMap((o, i) => [`**${label(o, i)}**`, '', ...(o.$ref === undefined ? tables(o) : [])]);
  if (schema.properties === undefined) return [`${typeOf(schema)}.`, ''];
  const written = rows('', schema);
  if (written.length === 0) return ['No keys.', ''];
  return ['| key | type | default | meaning |', '| --- | --- | --- | --- |', ...written, ''];
}

/** `kind: local`, `from: image`, or the keys that make a form what it is. */
function label(option: Schema, i: number): string {
  if (option.$ref !== undefined) return link(option.$ref);
  const fixed = Object.entries(option.properties ?? {}).find(([, p]) => p.const !== undefined);
  if (fixed !== undefined) return `\`${fixed[0]}: ${String(fixed[1].const)}\``;
  const [first] = option.required ?? [];
  return first === undefined ? `Form ${i + 1}` : `With \`${first}\``;
}

function rows(prefix: string, schema: Schema): readonly string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const { inner, suffix } = nested(property);
    const star = required.has(key) ? ' *' : '';
    const row = `| \`${name}\`${star} | ${typeOf(property)} | ${defaultOf(property)} | ${cell(property.description ?? '')} |`;
    return [row, ...(inner === undefined ? [] : rows(`${name}${suffix}.`, inner))];
  });
}

/** An object written in place, or a list or map of them: its keys are shown below, dotted. */
function nested(s: Schema): { readonly inner: Schema | undefined; readonly suffix: string } {
  if (s.properties !== undefined) return { inner: s, suffix: '' };
  if (typeof s.items === 'object' && s.items.properties !== undefined)
    return { inner: s.items, suffix: '[]' };
  return { inner: undefined, suffix: '' };
}

function typeOf(s: Schema): string {
  if (s.$ref !== undefined) return link(s.$ref);
  if (s.const !== undefined) return `\`${JSON.stringify(s.const)}\``;
  if (s.enum !== undefined) return s.enum.map((v) => `\`${String(v)}\``).join(', ');
  const options = variants(s) ?? s.allOf;
  if (options !== undefined)
    return options.map((o) => (o.properties === undefined ? typeOf(o) : form(o))).join(' or ');
  if (s.prefixItems !== undefined) return 'list of text';
  if (typeof s.items === 'object')
    return `list of ${s.items.properties === undefined ? typeOf(s.items) : 'keys'}`;
  if (typeof s.additionalProperties === 'object') return `names → ${typeOf(s.additionalProperties)}`;
  if (s.properties !== undefined) return 'keys';
  return plain(s);
}

const form = (o: Schema): string => `\`{ ${(o.required ?? Object.keys(o.properties ?? {})).join(', ')} }\``;

function plain(s: Schema): string {
  const range = [s.minimum, s.maximum].map((n) => (n === undefined || Math.abs(n) > 1e15 ? '' : String(n)));
  const bounds = range.join('') === '' ? '' : ` ${range.join('…')}`;
  const examples = s.examples === undefined ? '' : ` (${s.examples.map(String).join(', ')})`;
  return `${s.type === 'string' ? 'text' : (s.type ?? 'any')}${bounds}${examples}`;
}

function link(ref: string): string {
  const name = nameOf(ref);
  return `[${name}](#${name.toLowerCase()})`;
}
const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);
const defaultOf = (s: Schema): string => (s.default === undefined ? '' : `\`${JSON.stringify(s.default)}\``);
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
