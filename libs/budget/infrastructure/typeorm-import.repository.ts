import { Injectable } from '@nestjs/common';
import { VersionedStore } from '#platform/change-log';
import type { ImportId } from '../domain/identity.js';
import { ImportNotFound } from '../domain/import-errors.js';
import { Import } from '../domain/import.js';
import { ImportRepository } from '../domain/import.repository.js';
import { IMPORT_MAPPING, ImportTable, toImportState } from './import.table.js';

@Injectable()
export class TypeOrmImportRepository extends ImportRepository {
  constructor(private readonly store: VersionedStore) {
    super();
  }

  override async get(id: ImportId): Promise<Import> {
    const row = await this.store.lock(ImportTable, { id });
    if (!row) throw new ImportNotFound();
    return this.store.watch(Import.restore(toImportState(row)), IMPORT_MAPPING);
  }

  override async save(one: Import): Promise<void> {
    await this.store.save(one, IMPORT_MAPPING);
  }
}
