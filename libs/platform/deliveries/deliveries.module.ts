import { Global, Module } from '@nestjs/common';
import { AppSettings } from '#platform/config';
import { AddressGuard } from './address-guard.js';
import { Courier } from './courier.js';

/** Signed messages to whoever somebody named. */
@Global()
@Module({
  providers: [
    {
      provide: AddressGuard,
      inject: [AppSettings],
      useFactory: ({ webhookAllowPrivate }: AppSettings) =>
        new AddressGuard(webhookAllowPrivate ? 'any' : 'public'),
    },
    {
      provide: Courier,
      inject: [AppSettings, AddressGuard],
      useFactory: ({ webhookTimeoutMs: timeoutMs }: AppSettings, guard: AddressGuard) =>
        new Courier({ timeoutMs, guard }),
    },
  ],
  exports: [Courier],
})
export class DeliveriesModule {}
