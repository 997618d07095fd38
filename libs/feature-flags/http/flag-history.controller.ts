import { historyController } from '#platform/http';
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import { flagId } from '../domain/identity.js';
import { FlagResponse } from './flag.response.dto.js';
import { toResponse, toStoredResponse } from './flag.wire.js';
import { WirePlaces } from './wire-places.js';

export const FlagHistoryController = historyController({
  path: 'feature-flags/:id',
  tag: 'Feature flags',
  name: 'FeatureFlag',
  noun: 'a flag',
  read: 'flags:read',
  write: 'flags:write',
  rollbackNote: 'The name stays as it is.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: FlagResponse,
  queries: FeatureFlagQueries,
  service: FeatureFlagService,
  idOf: flagId,
  toResponse,
  toStored: toStoredResponse,
  tell: (work) => new WirePlaces().tell(work),
});
