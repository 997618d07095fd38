import { IdConflict } from '../domain/errors.js';

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
