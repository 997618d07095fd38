import { DomainError } from './domain-error.js';
import type { ErrorFacts } from './domain-error.js';

/** The id belongs to something else, or to the same with other content. */
export class IdConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'id_conflict';
  override readonly facts: ErrorFacts;

  /** The id is told where the caller may see what has it. */
  constructor(conflictingId: string | null = null) {
    super('This id is used already, and not for this.');
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/**
 * Makes something, once more when its id came to be used meanwhile: whoever sends the same twice at once gets what the
 * first of the two made. The work is a transaction of its own, so that the second try sees it.
 * @throws what `create` throws the second time
 */
export async function onceMore<Request extends { readonly idIsGiven: boolean }, T>(
  request: Request,
  create: (request: Request) => Promise<T>,
): Promise<T> {
  try {
    return await create(request);
  } catch (error) {
    if (!request.idIsGiven || !(error instanceof IdConflict)) throw error;
    return create(request);
  }
}
