import type { Body, Certificate, Finding, Head } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { Branches, type Takeover } from './branches.ts';
import { parseLine } from './chain.ts';
import type { Journal } from './journal.ts';
import { certificateIn, loadSigningKey } from './keys.ts';
import { Lineage } from './lineage.ts';

/** A head that somebody else keeps: a signed state read from a repository. */
export interface Anchor {
  readonly repository: string;
  readonly head: Head;
}
export interface Verification {
  readonly entries: number;
  readonly findings: readonly Finding[];
}

/**
 * Proves the own journal: every entry in canonical form and named by the next one's hash, every epoch certified, the
 * signing key the certified one; then against anchors (`state.stored` entries, heads read from repositories earlier,
 * and `anchors` read now). Tells apart: intact; a cut tail (an anchor past the end); a rewrite (an anchor or a hash
 * that the journal contradicts); a fork (another installation continued from an earlier entry). Reads only.
 */
export function verifyJournal(
  journal: Journal,
  anchors: readonly Anchor[] = [],
  signal?: AbortSignal,
): Verification {
  const { lineage, entries, broken } = proveChain(journal, signal);
  const subject = journal.installation;
  if (broken !== undefined)
    return { entries, findings: [judge('fail', 'journal.rewritten', subject, broken)] };
  const seen = journal
    .views()
    .flatMap((v) => v.heads.map((head): Anchor => ({ repository: v.repository, head })));
  return {
    entries,
    findings: [
      judge('pass', 'journal.intact', subject, { entries }),
      proveKey(journal, lineage),
      ...proveAnchors(journal, [...seen, ...anchors]),
      ...proveOneBranch(journal),
    ],
  };
}

/**
 * Whose key is whose, by the journal once its own chain is proven: of every epoch of that chain, and of the other
 * installations that a root of this chain vouches for. `broken`: the chain is not proven, and vouches for nobody.
 */
export function certifiedKeys(
  journal: Journal,
  signal?: AbortSignal,
): { readonly certificates: readonly Certificate[]; readonly broken: Finding | undefined } {
  const { lineage, broken } = proveChain(journal, signal);
  const subject = journal.installation;
  if (broken !== undefined)
    return { certificates: [], broken: judge('fail', 'journal.rewritten', subject, broken) };
  if (lineage.certificate?.root !== journal.root)
    return { certificates: [], broken: judge('fail', 'journal.certified', subject, { why: 'root' }) };
  const own = lineage.certificates;
  const roots = new Set(own.map((c) => c.root));
  const others = [...journal.entries({ type: 'installation.certified', own: false })].flatMap((e) => {
    const certificate = certificateIn(e.body['certificate']);
    return certificate?.system === journal.system && roots.has(certificate.root) ? [certificate] : [];
  });
  return { certificates: [...own, ...others], broken: undefined };
}

function proveChain(journal: Journal, signal: AbortSignal | undefined) {
  const lineage = new Lineage();
  let entries = 0;
  const broken = (seq: number, why: string) => ({ lineage, entries, broken: { seq, why } });
  for (const stored of journal.lines()) {
    if (entries % 1000 === 0) signal?.throwIfAborted();
    let line;
    try {
      line = parseLine(stored.text, `entry ${stored.seq}`);
    } catch (e) {
      if (e instanceof RepriseError && e.code !== 'journal.newer') return broken(stored.seq, 'bytes');
      throw e;
    }
    // The columns are what queries go by: they must say what the entry says.
    const { entry, hash } = line;
    const { installation, epoch } = stored;
    if (
      hash !== stored.hash ||
      entry.seq !== stored.seq ||
      entry.installation !== installation ||
      entry.epoch !== epoch
    )
      return broken(stored.seq, 'bytes');
    const breach = lineage.accept(line);
    if (breach !== undefined) return broken(breach.seq, breach.kind);
    entries += 1;
  }
  return { lineage, entries, broken: undefined };
}

function proveKey(journal: Journal, lineage: Lineage): Finding {
  const subject = journal.installation;
  const certificate = lineage.certificate;
  if (certificate?.root !== journal.root || certificate.installation !== journal.installation)
    return judge('fail', 'journal.certified', subject, { why: 'root' });
  try {
    const same = loadSigningKey(journal.home).publicKey === certificate.key;
    return judge(same ? 'pass' : 'fail', 'journal.certified', subject, { why: same ? '' : 'key' });
  } catch (e) {
    if (e instanceof RepriseError) return judge('unable', 'journal.certified', subject, { why: e.code });
    throw e;
  }
}

/** Heads kept elsewhere prove what the journal alone cannot: that nothing was cut off or made anew as a whole. */
function proveAnchors(journal: Journal, elsewhere: readonly Anchor[]): Finding[] {
  const head = journal.head();
  const stretches = new Branches(journal.entries({ type: 'epoch.opened', own: true })).lineageOf(head);
  const own = [...journal.entries({ type: 'state.stored', own: true })].map((e): Anchor => {
    const { repository, head: stored } = e.body as Body<'state.stored'>;
    return { repository, head: stored };
  });
  const proven = (anchors: readonly Anchor[]): (Finding | 'agrees')[] =>
    [...new Map(anchors.map((a) => [`${a.repository} ${a.head.hash} ${a.head.seq}`, a])).values()].flatMap(
      (anchor) => proveAnchor(journal, anchor, head, stretches) ?? [],
    );
  const [inside, outside] = [proven(own), proven(elsewhere)];
  const findings = [...inside, ...outside].filter((f) => f !== 'agrees');
  if (findings.length > 0) return findings;
  const verdict = outside.length === 0 ? 'unable' : 'pass';
  const params = { anchors: inside.length + outside.length, outside: outside.length };
  return [judge(verdict, 'journal.anchored', journal.installation, params)];
}

function proveAnchor(
  journal: Journal,
  { repository, head: anchor }: Anchor,
  head: Head,
  stretches: ReturnType<Branches['lineageOf']>,
): Finding | 'agrees' | undefined {
  const stretch = stretches.find((s) => s.installation === anchor.installation && s.epoch === anchor.epoch);
  if (stretch === undefined) return undefined; // another installation's
  if (anchor.seq > stretch.last) {
    if (stretch !== stretches[0]) return undefined; // the branch of an installation that this one took over from
    return judge('fail', 'journal.cut', journal.installation, {
      repository,
      anchor: anchor.seq,
      head: head.seq,
    });
  }
  if (journal.hashAt(anchor.seq) === anchor.hash) return 'agrees';
  return judge('fail', 'journal.contradicted', journal.installation, { repository, seq: anchor.seq });
}

/** Another installation that continued from an entry of this lineage: what came here after that entry is a fork. */
function proveOneBranch(journal: Journal): Finding[] {
  const taken = takenOverBy(journal);
  if (taken === undefined) return [];
  const { installation, epoch, after } = taken;
  const accepted = [...journal.entries({ type: 'fork.accepted', own: true })].some((e) => {
    const body = e.body as Body<'fork.accepted'>;
    return body.installation === installation && body.epoch === epoch;
  });
  return [
    judge(accepted ? 'pass' : 'fail', 'journal.forked', journal.installation, { installation, epoch, after }),
  ];
}

/** The installation that took over from this one, as far as states of others were read. */
export const takenOverBy = (journal: Journal): Takeover | undefined =>
  new Branches(journal.entries({ type: 'epoch.opened' })).takenOverBy(journal);

/**
 * Before anything is captured here. Throws `journal.superseded` when another installation took over from this one and
 * nobody accepted the fork; `journal.put-back` when a repository holds a later or another history of this very epoch.
 */
export function refuseIfSuperseded(journal: Journal): void {
  const views = journal.views();
  for (const { repository, heads } of views)
    for (const head of heads) {
      const own = head.installation === journal.installation && head.epoch === journal.epoch;
      if (own && journal.hashAt(head.seq) !== head.hash)
        throw new RepriseError('journal.put-back', { repository, seq: head.seq });
    }
  const fork = proveOneBranch(journal).find((f) => f.verdict === 'fail');
  if (fork === undefined) return;
  const installation = String(fork.params['installation']);
  const seen = views.find((v) => v.heads.some((h) => h.installation === installation));
  throw new RepriseError('journal.superseded', {
    installation,
    epoch: Number(fork.params['epoch']),
    repository: seen?.repository ?? '?',
  });
}
