import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';

/** Devices, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [],
  providers: [],
})
export class DevicesModule {}
