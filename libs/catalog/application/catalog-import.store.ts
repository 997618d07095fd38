import type { Entity } from '../domain/backstage/entity.js';
import type { CompanyId } from '../domain/identity.js';
import type { Relation } from '../domain/relation.js';
import type { Home } from './company-of.js';

/** What a reference leads to. */
export interface KnownThing {
  readonly ref: string;
  readonly is: 'user' | 'team' | 'resource';
  readonly id: string;
  /** Which import speaks for it; null: nobody's, somebody made it. */
  readonly source: string | null;
  /** What that import said last; null without one. */
  readonly entity: Entity | null;
  /** References in it that lead nowhere. */
  readonly dangling: readonly string[];
}

/** What an import said of one thing. */
export interface KeptDescriptor extends KnownThing {
  readonly source: string;
  readonly entity: Entity;
}

/** A relation, and who says so: an import, or somebody. */
export interface SaidRelation extends Relation {
  readonly source: string | null;
}

/** What imports need besides the things themselves, in a few statements. An abstract class, so that it is also its injection token. */
export abstract class CatalogImportStore {
  /** What the source spoke for until now, and what these references lead to. */
  abstract known(company: CompanyId, source: string, refs: readonly string[]): Promise<KnownThing[]>;

  abstract keep(home: Home, descriptors: readonly KeptDescriptor[]): Promise<void>;

  /** What leads from any of these; how much leads to them does not matter. */
  abstract relationsFrom(resourceIds: readonly string[]): Promise<SaidRelation[]>;

  /** Both ends are known to be there, and in the company. What is there already stays as it is. */
  abstract relate(home: Home, relations: readonly Relation[], source: string): Promise<void>;

  abstract unrelate(relations: readonly Relation[]): Promise<void>;
}
