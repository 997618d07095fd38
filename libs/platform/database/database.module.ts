import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { EntitySchema } from 'typeorm';
import { Clock, UnitOfWork } from '#shared-kernel';
import { AppSettings } from '#platform/config';
import { serviceOptions } from './data-source.js';
import { Cursors } from './cursor.js';
import { Database } from './database.js';
import { DatabaseAddress } from './database-address.js';
import { DatabaseClock } from './database-clock.js';
import { KeysetLists } from './keyset.js';
import { ServerSecrets } from './server-secrets.js';

/** The data, everywhere: through a unit of work, and no other way. */
@Global()
@Module({})
export class DatabaseModule {
  /** `tables` are those of all contexts, because they share one pool. */
  static at(address: DatabaseAddress, tables: EntitySchema[]): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [AppSettings],
          useFactory: (settings: AppSettings) => ({
            ...serviceOptions({ url: address.url, poolSize: settings.databasePoolSize }, tables),
            retryAttempts: 0,
          }),
        }),
      ],
      providers: [
        { provide: DatabaseAddress, useValue: address },
        Database,
        { provide: UnitOfWork, useExisting: Database },
        DatabaseClock,
        ServerSecrets,
        Cursors,
        KeysetLists,
        { provide: Clock, useExisting: DatabaseClock },
      ],
      exports: [
        DatabaseAddress,
        Database,
        UnitOfWork,
        DatabaseClock,
        Clock,
        ServerSecrets,
        Cursors,
        KeysetLists,
      ],
    };
  }
}
