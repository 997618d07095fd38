import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { SupervisorRequestsModule } from '#supervisor-requests';

/** The budget, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule, SupervisorRequestsModule],
  controllers: [],
  providers: [],
})
export class BudgetModule {}
