import type { ConfigurationState } from '../domain/configuration-state.js';
import type { JsonObject } from '../domain/json.js';

/** One configuration as it was and as it is in the open unit of work; null where there is none. */
export interface LayerChange {
  readonly before: ConfigurationState | null;
  readonly after: ConfigurationState | null;
}

/** How many documents are told that are otherwise because of a change. */
export const AFFECTED_MAX = 100;

/** One document that is otherwise for somebody because of a change. */
export interface AffectedResult {
  readonly service: string;
  /** `base` stands for every environment that has no layers of its own. */
  readonly environment: string;
  readonly tenant: string | null;
  readonly name: string;
  /** From when on it is so, in milliseconds since 1970; null is from now on. */
  readonly from: number | null;
  /** Null where there is no document. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}
