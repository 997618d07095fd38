import { ApiParam } from '@nestjs/swagger';
import { STORE_LENGTH_MAX } from '../domain/store-id.js';

/** The part of a path that names a store. */
export const StoreIdParam = (): MethodDecorator =>
  ApiParam({
    name: 'store_id',
    description: 'The store: any text without control characters, percent-encoded.',
    example: 'store-12',
    schema: { type: 'string', minLength: 1, maxLength: STORE_LENGTH_MAX },
  });
