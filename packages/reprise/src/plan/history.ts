/**
 * What is known from earlier runs, as `plan check` and `plan explain` need it: a projection of the journal, made by
 * whoever has one. Everything is null where it is not known; nothing here is guessed.
 */
export interface PlanHistory {
  /** The longest of the recent captures, from their start until the point was committed; milliseconds. */
  captureMs(component: string): number | null;
  /** Until the data is back; `measured`: by a drill or recovery, else extrapolated from bytes and rate. */
  restoreMs(component: string): { readonly ms: number; readonly measured: boolean } | null;
  /** Of the newest point. */
  bytes(component: string): number | null;
  lastDrill(component: string): Date | null;
  /** Does the repository lie on the file system that holds the component's data? */
  sharesDisk(repository: string, component: string): boolean | null;
}

/** Of a system that never ran. */
export const noHistory: PlanHistory = {
  captureMs: () => null,
  restoreMs: () => null,
  bytes: () => null,
  lastDrill: () => null,
  sharesDisk: () => null,
};
