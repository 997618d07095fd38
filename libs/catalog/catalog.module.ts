import { Module } from '@nestjs/common';
import { OwnedKinds } from './application/owned-things.js';
import { TeamHoldings } from './application/team-holdings.js';

/** The catalog, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [],
  providers: [OwnedKinds, TeamHoldings],
  exports: [TeamHoldings],
})
export class CatalogModule {}
