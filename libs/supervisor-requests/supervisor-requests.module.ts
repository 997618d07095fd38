import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';

/** Supervisor requests, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [],
  providers: [],
  exports: [],
})
export class SupervisorRequestsModule {}
