import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { EventPresenters } from '#platform/events';
import { Jobs } from '#platform/jobs';
import { HotEntries } from './application/hot-entries.js';
import { MetadataQueries } from './application/metadata.queries.js';
import { MetadataService } from './application/metadata.service.js';
import { YamlSyntax } from './domain/content.js';
import { MetadataEntryRepository } from './domain/metadata-entry.repository.js';
import { EntryBatch } from './http/entry-batch.js';
import { EntryByKeyRoute } from './http/entry-by-key.route.js';
import { toEventState } from './http/entry.event.js';
import { EntryImport } from './http/entry-import.js';
import { MetadataHistoryController } from './http/metadata-history.controller.js';
import { MetadataTransferController } from './http/metadata-transfer.controller.js';
import { MetadataController } from './http/metadata.controller.js';
import { Reveal } from './http/reveal.js';
import { CachedHotEntries } from './infrastructure/cached-hot-entries.js';
import { ENTRY_TYPE, EntryCodec } from './infrastructure/entry-codec.js';
import { SqlMetadataQueries } from './infrastructure/sql-metadata.queries.js';
import { TypeOrmMetadataEntryRepository } from './infrastructure/typeorm-metadata-entry.repository.js';
import { YamlLibrary } from './infrastructure/yaml-library.js';

const SWEEP_MS = 10_000;

/** Metadata, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [MetadataTransferController, MetadataHistoryController, MetadataController],
  providers: [
    MetadataService,
    EntryBatch,
    EntryImport,
    EntryByKeyRoute,
    EntryCodec,
    Reveal,
    { provide: MetadataEntryRepository, useClass: TypeOrmMetadataEntryRepository },
    { provide: MetadataQueries, useClass: SqlMetadataQueries },
    { provide: HotEntries, useClass: CachedHotEntries },
    { provide: YamlSyntax, useClass: YamlLibrary },
  ],
})
export class MetadataModule implements OnApplicationBootstrap {
  constructor(
    private readonly service: MetadataService,
    private readonly jobs: Jobs,
    private readonly presenters: EventPresenters,
  ) {}

  onApplicationBootstrap(): void {
    this.presenters.register(ENTRY_TYPE, toEventState);
    this.jobs.onOneReplica({ name: 'metadata-expiry', everyMs: SWEEP_MS, run: () => this.#sweep() });
  }

  async #sweep(): Promise<void> {
    while ((await this.service.expire()) > 0);
  }
}
