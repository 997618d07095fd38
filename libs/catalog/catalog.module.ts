import { Module } from '@nestjs/common';
import { TeamHoldings } from './application/team-holdings.js';

/** The catalog, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [],
  providers: [TeamHoldings],
  exports: [TeamHoldings],
})
export class CatalogModule {}
