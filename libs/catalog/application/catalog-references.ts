/** A name or an id that somebody gave, and where. */
export interface Named {
  readonly value: string;
  /** JSON Pointer, as in `Violation`. */
  readonly pointer: string;
}

/** What is to be there. */
export interface References {
  /** Keys of environments. */
  readonly environments?: readonly Named[];
  /** Ids of teams. */
  readonly teams?: readonly Named[];
}

/**
 * For whoever refers to the catalog by an environment's key or a team's id. An abstract class, so that it is also its
 * injection token.
 */
export abstract class CatalogReferences {
  /**
   * Environments: `development`, `testing`, `staging` and `production` always are; of others those that the tenant sees
   * (its own and the shared ones), and, as long as it sees none at all, any. Teams: the tenant’s own and the shared ones.
   * What is not there is told all at once, each at its place.
   * @throws CatalogReferenceUnknown
   */
  abstract expectKnown(tenant: string | null, references: References): Promise<void>;
}
