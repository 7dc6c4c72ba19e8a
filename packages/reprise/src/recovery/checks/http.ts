import { codeIn, failed, isHere, passed, unable, type CheckKind } from './check.ts';

/** Enough to find a text in a page, without keeping a download in memory. */
const longest = 1_048_576;

/** One page: exactly the status asked for. A redirect is not followed: to a login page it would prove nothing. */
export const httpCheck: CheckKind<'http'> = {
  subject: (check) => withoutCredentials(check.url),
  expected: (check) =>
    check.contains === undefined ? `${check.status}` : `${check.status}, “${check.contains}”`,
  probe: async (check, { place, signal }) => {
    const url = new URL(check.url);
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    if (!isHere(place, url.hostname, port)) return unable('elsewhere');
    if (place.kind !== 'in-situ') url.port = String(place.port(port));
    const headers = takeCredentials(url);
    const response = await fetch(url, { redirect: 'manual', headers, signal }).catch((e: unknown) => {
      signal.throwIfAborted();
      return { unreachable: codeIn(e) };
    });
    if ('unreachable' in response) return failed('unreachable', response.unreachable);
    const got = String(response.status);
    const right = response.status === check.status;
    if (!right || check.contains === undefined) await response.body?.cancel();
    if (!right) return failed(response.status >= 300 && response.status < 400 ? 'redirect' : 'status', got);
    if (check.contains === undefined) return passed(got);
    return (await beginning(response)).includes(check.contains) ? passed(got) : failed('text', got);
  },
};

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes >= longest) break;
  }
  return text + decoder.decode();
}

/** A name and password in an address go into a header, as fetch wants it; the address loses them. */
function takeCredentials(url: URL): Readonly<Record<string, string>> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

const withoutCredentials = (text: string): string => {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
};
