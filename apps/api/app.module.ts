import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ApiKeyTable, AuthModule } from '#platform/auth';
import { AuditModule } from '#platform/audit';
import { CacheModule } from '#platform/cache';
import { ChangeLogModule } from '#platform/change-log';
import { ConfigModule } from '#platform/config';
import type { Settings } from '#platform/config';
import { ContextModule } from '#platform/context';
import { CryptoModule } from '#platform/crypto';
import type { KeyWrapper } from '#platform/crypto';
import { DatabaseModule } from '#platform/database';
import type { DatabaseAddress } from '#platform/database';
import { DeliveriesModule } from '#platform/deliveries';
import { EventsModule } from '#platform/events';
import { HttpModule, IdempotencyInterceptor, SpoolInterceptor } from '#platform/http';
import { JobsModule } from '#platform/jobs';
import { JsonSchemaModule } from '#platform/json-schema';
import { KinesisModule } from '#platform/kinesis';
import { ObservabilityModule } from '#platform/observability';
import { SinksModule } from '#platform/sinks';
import {
  ConfigurationModule,
  ConfigurationTable,
  JsonSchemaTable,
  SecretProviderTable,
} from '#configuration';
import { FeatureFlagsModule, FlagTable, SegmentTable } from '#feature-flags';
import { CatalogModule, CompanyTable, EnvironmentTable, TeamTable, UserTable, ResourceTable } from '#catalog';
import { DevicesModule, DeviceTable, DeviceTypeTable } from '#devices';
import { EntryTable, MetadataModule } from '#metadata';
import { SupervisorRequestsModule, SupervisorRequestTable } from '#supervisor-requests';
import {
  BudgetImportTable,
  BudgetItemTable,
  BudgetModule,
  BudgetTable,
  CategoryTable,
  PayeeTable,
} from '#budget';
import { WebhooksModule, WebhookTable } from '#webhooks';

/** What has to be known before the first module is made. */
export interface AppParts {
  readonly settings: Settings;
  readonly address: DatabaseAddress;
  readonly keys: KeyWrapper;
}

/** The composition root: the platform, and a line a context. */
@Module({})
export class AppModule {
  static of({ settings, address, keys }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        ContextModule,
        CryptoModule.with(keys),
        DatabaseModule.at(address, [
          ApiKeyTable,
          BudgetImportTable,
          BudgetItemTable,
          BudgetTable,
          CategoryTable,
          CompanyTable,
          ConfigurationTable,
          DeviceTable,
          DeviceTypeTable,
          EntryTable,
          EnvironmentTable,
          FlagTable,
          JsonSchemaTable,
          PayeeTable,
          ResourceTable,
          SegmentTable,
          TeamTable,
          UserTable,
          SecretProviderTable,
          SupervisorRequestTable,
          WebhookTable,
        ]),
        ChangeLogModule,
        JobsModule,
        JsonSchemaModule,
        AuthModule,
        CacheModule,
        HttpModule,
        ObservabilityModule,
        EventsModule,
        DeliveriesModule,
        AuditModule,
        SinksModule,
        KinesisModule,
        MetadataModule,
        FeatureFlagsModule,
        ConfigurationModule,
        CatalogModule,
        DevicesModule,
        SupervisorRequestsModule,
        BudgetModule,
        WebhooksModule,
      ],
      providers: [
        // In this order: a body is there before the transaction of its Idempotency-Key begins.
        { provide: APP_INTERCEPTOR, useExisting: SpoolInterceptor },
        { provide: APP_INTERCEPTOR, useExisting: IdempotencyInterceptor },
      ],
    };
  }
}
