import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** A position in a stream that lies before what is whole: something that came after it was removed. */
export class RevisionCompacted extends DomainError {
  readonly kind = 'gone';
  readonly code = 'revision_compacted';
  override readonly facts: ErrorFacts;

  /**
   * @param stream A slug, or `_shared`.
   * @param compacted Up to this revision.
   * @param oldest The first position after which all is kept, of all streams that are read together.
   */
  constructor(
    readonly stream: string,
    readonly compacted: number,
    oldest = `${compacted}`,
  ) {
    super(
      `Of the stream ${stream} not everything up to revision ${compacted} is kept: read anew what you need of it, then go on after ${oldest}.`,
    );
    this.facts = { stream, compacted_revision: compacted, oldest };
  }
}

/** A version that there was, and that is not kept any more. */
export class VersionCompacted extends DomainError {
  readonly kind = 'gone';
  readonly code = 'revision_compacted';
  override readonly facts: ErrorFacts;

  /** The oldest version from which on all are kept. */
  constructor(what: string, oldestVersion: number) {
    super(`${what} is not kept any more: version ${oldestVersion} is the next one that is.`);
    this.facts = { oldest_version: oldestVersion };
  }
}
