import type { ComponentCommon, Group, Objectives, Plan, Retention } from '@reprise/contracts';

/** Where in the YAML something stands; 1-based. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ResolvedComponent {
  readonly name: string;
  readonly kind: string;
  /** Parsed by the kind's own spec: only the kind's keys. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly common: ComponentCommon;
  /** Host and service with defaults applied; service null where the plan names none (kind `none` then). */
  readonly host: string;
  readonly service: string | null;
  readonly objectives: Objectives;
  /** Own captures, or its group's. */
  readonly protections: readonly string[];
  readonly group: string | null;
}

export interface ResolvedGroup extends Group {
  readonly name: string;
  /** In capture order. */
  readonly members: readonly string[];
}

/** The plan as everything after `plan/` sees it: defaults applied, `${ENV}` expanded, references checked. */
export interface ResolvedPlan {
  readonly file: string;
  /** The text as it is in the file: what travels into repositories. */
  readonly text: string;
  /** SHA-256 (hex) of the text's bytes. */
  readonly hash: string;
  readonly plan: Plan;
  readonly components: ReadonlyMap<string, ResolvedComponent>;
  readonly groups: ReadonlyMap<string, ResolvedGroup>;
  /**
   * Retention of a component's points in a repository: protection's keep, else the repository's, else undefined (keep
   * all).
   */
  retention(protection: string | null, repository: string): Retention | undefined;
  /** Where a path of the plan ("components.db.captures[0]") stands; the nearest parent that exists. */
  where(path: readonly (string | number)[]): Position;
}
