import type { PlanRepository } from '@reprise/contracts';

/** On this machine: a path, or a server that answers on the loopback address. */
const onThisMachine = (url: string): boolean =>
  /^(local:|[/.~])/.test(url) ||
  !/^[a-z0-9]+:/.test(url) ||
  /^sftp:([^@/]*@)?(localhost|127\.[\d.]+|\[::1\]):/.test(url) ||
  /\/\/([^@/]*@)?(127\.|localhost([:/]|$)|\[::1\])/.test(url);

/** What is in this repository is still there when the machine is not: it lies elsewhere, or the plan says so. */
export const survivesMachine = ({
  url,
  writer,
  off_site,
}: Pick<PlanRepository, 'url' | 'off_site'> & {
  readonly writer?: { readonly url?: string | undefined };
}): boolean => off_site || !onThisMachine(writer?.url ?? url);
