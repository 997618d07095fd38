import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CallContext } from '#platform/context';
import { EventPresenters } from '#platform/events';
import { EffectiveQueries } from './application/effective.queries.js';
import { Layers } from './application/layers.js';
import { LiveEffective } from './application/live-effective.js';
import { SchemaAdmission } from './application/schema-admission.js';
import { SchemaQueries } from './application/schema.queries.js';
import { SchemaService } from './application/schema.service.js';
import { SchemaTrials } from './application/schema-trials.js';
import { SchemaUsage } from './application/schema-usage.js';
import { SchemaValidation } from './application/schema-validation.js';
import { SecretProbe } from './application/secret-probe.js';
import { SecretProviderQueries } from './application/secret-provider.queries.js';
import { SecretProviderService } from './application/secret-provider.service.js';
import { SecretResolver } from './application/secret-resolver.js';
import { SecretSurroundings } from './application/secret-surroundings.js';
import { SecretProviderRepository } from './domain/secret-provider.repository.js';
import { SecretProviderBodies } from './http/secret-provider-bodies.js';
import { toProviderNotice, toProviderResponse } from './http/secret-provider.wire.js';
import { SecretProvidersController } from './http/secret-providers.controller.js';
import {
  PROVIDER_TYPE,
  SecretProviderCodec,
  toProviderView,
} from './infrastructure/secret-provider.table.js';
import type { SecretProviderRecord } from './infrastructure/secret-provider.table.js';
import { LastKnownSecrets } from './infrastructure/secrets/last-known-secrets.js';
import { ProcessSurroundings } from './infrastructure/secrets/process-surroundings.js';
import { ProviderDirectory } from './infrastructure/secrets/provider-directory.js';
import { ProviderSecretResolver } from './infrastructure/secrets/provider-secret-resolver.js';
import { SecretSources } from './infrastructure/secrets/secret-sources.js';
import { SourceProbe } from './infrastructure/secrets/source-probe.js';
import { SqlSecretProviderQueries } from './infrastructure/sql-secret-provider.queries.js';
import { TypeOrmSecretProviderRepository } from './infrastructure/typeorm-secret-provider.repository.js';
import { EffectiveAnswers } from './http/effective-answers.js';
import { EffectiveReports } from './http/effective-reports.js';
import { EffectiveRoute } from './http/effective.route.js';
import { EffectiveWaits } from './http/effective-waits.js';
import { Boundaries } from './infrastructure/boundaries.js';
import { ChangeFedLiveEffective } from './infrastructure/change-fed-live-effective.js';
import { SchemaBodies } from './http/schema-bodies.js';
import { toSchemaResponse } from './http/schema.wire.js';
import { SchemasController } from './http/schemas.controller.js';
import { SCHEMA_TYPE, toSchemaView } from './infrastructure/json-schema.table.js';
import type { SchemaRecord } from './infrastructure/json-schema.table.js';
import { PooledSchemaAdmission } from './infrastructure/pooled-schema-admission.js';
import { SqlSchemaQueries } from './infrastructure/sql-schema.queries.js';
import { PooledSchemaValidation } from './infrastructure/pooled-schema-validation.js';
import { SchemaBundles } from './infrastructure/schema-bundles.js';
import { TypeOrmSchemaRepository } from './infrastructure/typeorm-schema.repository.js';
import { ConfigSchemaRepository } from './domain/config-schema.repository.js';
import { SqlEffectiveQueries } from './infrastructure/sql-effective.queries.js';
import { SqlLayers } from './infrastructure/sql-layers.js';
import { ConfigurationQueries } from './application/configuration.queries.js';
import { ConfigurationService } from './application/configuration.service.js';
import { EffectiveCheck } from './application/effective-check.js';
import { ConfigurationRepository } from './domain/configuration.repository.js';
import { ConfigurationActionsController } from './http/configuration-actions.controller.js';
import { ConfigurationBatch } from './http/configuration-batch.js';
import { ConfigurationBodies } from './http/configuration-bodies.js';
import { ConfigurationHistoryController } from './http/configuration-history.controller.js';
import { ConfigurationWriter } from './http/configuration-writer.js';
import { toConfigurationResponse } from './http/configuration.wire.js';
import { ConfigurationsController } from './http/configurations.controller.js';
import { CONFIGURATION_TYPE, toConfigurationView } from './infrastructure/configuration.table.js';
import type { ConfigurationRecord } from './infrastructure/configuration.table.js';
import { SqlConfigurationQueries } from './infrastructure/sql-configuration.queries.js';
import { TypeOrmConfigurationRepository } from './infrastructure/typeorm-configuration.repository.js';
import { ConfigurationComparison } from './application/configuration-comparison.service.js';
import { ConfigurationPromotion } from './application/configuration-promotion.service.js';
import { ConfigurationTransfer } from './application/configuration-transfer.service.js';
import { OwnedConfigurations } from './application/owned-configurations.js';
import { SchemaNames } from './application/schema-names.js';
import { ConfigurationCompareController } from './http/configuration-compare.controller.js';
import { ConfigurationDocuments } from './http/configuration-document.js';
import { ConfigurationTransferController } from './http/configuration-transfer.controller.js';
import { FlatImport } from './http/flat-import.js';
import { SqlOwnedConfigurations } from './infrastructure/sql-owned-configurations.js';
import { SqlSchemaNames } from './infrastructure/sql-schema-names.js';

/** Configuration, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [
    SchemasController,
    ConfigurationsController,
    ConfigurationActionsController,
    ConfigurationHistoryController,
    ConfigurationCompareController,
    ConfigurationTransferController,
    SecretProvidersController,
  ],
  providers: [
    ConfigurationService,
    ConfigurationBodies,
    ConfigurationBatch,
    ConfigurationWriter,
    EffectiveCheck,
    { provide: ConfigurationRepository, useClass: TypeOrmConfigurationRepository },
    { provide: ConfigurationQueries, useClass: SqlConfigurationQueries },
    ConfigurationComparison,
    ConfigurationPromotion,
    ConfigurationTransfer,
    ConfigurationDocuments,
    FlatImport,
    { provide: OwnedConfigurations, useClass: SqlOwnedConfigurations },
    { provide: SchemaNames, useClass: SqlSchemaNames },
    Boundaries,
    SqlLayers,
    { provide: Layers, useExisting: SqlLayers },
    { provide: EffectiveQueries, useClass: SqlEffectiveQueries },
    { provide: LiveEffective, useClass: ChangeFedLiveEffective },
    EffectiveAnswers,
    EffectiveWaits,
    EffectiveReports,
    EffectiveRoute,
    SchemaBundles,
    SchemaService,
    SchemaTrials,
    SchemaUsage,
    SchemaBodies,
    { provide: SchemaQueries, useClass: SqlSchemaQueries },
    { provide: SchemaAdmission, useClass: PooledSchemaAdmission },
    { provide: SchemaValidation, useClass: PooledSchemaValidation },
    { provide: ConfigSchemaRepository, useClass: TypeOrmSchemaRepository },
    SecretProviderCodec,
    ProviderDirectory,
    { provide: SecretResolver, useClass: ProviderSecretResolver },
    { provide: SecretProviderRepository, useClass: TypeOrmSecretProviderRepository },
    { provide: SecretProviderQueries, useClass: SqlSecretProviderQueries },
    { provide: SecretSurroundings, useClass: ProcessSurroundings },
    { provide: SecretProbe, useClass: SourceProbe },
    SecretProviderService,
    SecretProviderBodies,
    SecretSources,
    LastKnownSecrets,
  ],
})
export class ConfigurationModule implements OnApplicationBootstrap {
  constructor(
    private readonly presenters: EventPresenters,
    private readonly context: CallContext,
  ) {}

  onApplicationBootstrap(): void {
    this.presenters.register(CONFIGURATION_TYPE, (row) =>
      toConfigurationResponse(toConfigurationView(row as unknown as ConfigurationRecord)),
    );
    this.presenters.register(SCHEMA_TYPE, (row) =>
      toSchemaResponse(toSchemaView(row as unknown as SchemaRecord)),
    );
    this.presenters.register(PROVIDER_TYPE, (row) => {
      const view = toProviderView(row as unknown as SecretProviderRecord);
      return this.#administersSecrets() ? toProviderResponse(view) : toProviderNotice(view);
    });
  }

  /** Where a provider leads to is nobody else's affair. */
  #administersSecrets(): boolean {
    const caller = this.context.currentOrNull?.caller;
    return caller?.tenant === null && caller.permissions.has('secrets:admin');
  }
}
