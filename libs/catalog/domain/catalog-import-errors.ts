import { DomainError } from '#shared-kernel';

/** An import speaks of something that another import, or somebody, speaks for. */
export class SourceConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'source_conflict';

  /** @param holder the other source; null for somebody */
  constructor(holder: string | null) {
    super(
      holder === null
        ? 'Somebody made it by hand; an import does not change it.'
        : `The source ${holder} speaks for it.`,
    );
  }
}
