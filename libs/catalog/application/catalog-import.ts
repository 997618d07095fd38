import type { Violation } from '#shared-kernel';
import type { Described } from '../domain/backstage/normal-form.js';
import type { CompanyId } from '../domain/identity.js';
import type { AskedHome } from './company-of.js';

/** Something that is wrong with one entity of an import, or that could not be done as it says. */
export interface ImportRemark extends Violation {
  /** What it is called, as far as that can be told. */
  readonly entity: string | null;
}

/** An entity that is to become something. */
export interface ImportedEntity extends Described {
  /** What it becomes when there is nothing of it yet. */
  readonly newId: string;
  /** In the words of what was sent: a refusal of the catalog, at the place that it is about. */
  remark(violation: Violation): ImportRemark;
}

/** What a source says of a company, all at once. */
export interface CatalogImport {
  readonly source: string;
  readonly home: AskedHome;
  /** Of the company that is made where there is none. */
  readonly newCompanyId: CompanyId;
  readonly entities: readonly ImportedEntity[];
  /** What could not be read at all. */
  readonly errors: readonly ImportRemark[];
  /** What could not be read, and is meant all the same; null: of some nobody can tell what they mean. */
  readonly unread: readonly string[] | null;
  readonly prune: 'none' | 'orphans';
  readonly reason: string | null;
}

/** What became of an import. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Resources that the source had before, and has no more. */
  readonly orphaned: number;
  readonly deleted: number;
  readonly errors: readonly ImportRemark[];
  /** What went in without a part of it. */
  readonly warnings: readonly ImportRemark[];
}
