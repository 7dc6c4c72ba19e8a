import type { SnapshotTags } from './repository.ts';

const keys = ['component', 'part', 'run', 'installation'] as const;

/**
 * The identity of a snapshot as restic's tags, given at creation and never changed. Restic splits a tag at commas, so
 * no value may hold one: names cannot, part names are percent-encoded. Throws TypeError if one does all the same.
 */
export function tagsOf(tags: SnapshotTags): readonly string[] {
  const named = keys.flatMap((key) => (tags[key] === undefined ? [] : [`${key}=${tags[key]}`]));
  const bad = named.find((tag) => /[,\p{Cc}]/u.test(tag));
  if (bad !== undefined) throw new TypeError(`a tag cannot hold a comma or a control character: ${bad}`);
  return [tags.form, ...named];
}

/** What the tags of a snapshot say; tags that are not ours are left out. */
export function parseTags(tags: readonly string[]): Partial<SnapshotTags> {
  const form = tags.find((tag) => tag === 'part' || tag === 'state');
  const named = keys.flatMap((key) => {
    const found = tags.find((tag) => tag.startsWith(`${key}=`));
    return found === undefined ? [] : [[key, found.slice(key.length + 1)] as const];
  });
  return { ...(form === undefined ? {} : { form }), ...Object.fromEntries(named) };
}
