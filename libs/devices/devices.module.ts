import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { EventPresenters } from '#platform/events';
import { DeviceHistoryQueries } from './application/device-history.queries.js';
import { DeviceReports } from './application/device-reports.js';
import { DeviceJournal } from './domain/device-journal.js';
import { DevicePastController } from './http/device-past.controller.js';
import { DeviceReportsController } from './http/device-reports.controller.js';
import { CoalescedReports } from './infrastructure/coalesced-reports.js';
import { ConnectivitySweeper } from './infrastructure/connectivity-sweeper.js';
import { isAct, presentAct } from './infrastructure/report-acts.js';
import { SqlDeviceHistoryQueries } from './infrastructure/sql-device-history.queries.js';
import { SqlDeviceJournal } from './infrastructure/sql-device-journal.js';
import { RememberedReporters } from './infrastructure/remembered-reporters.js';
import { SqlReportWriter } from './infrastructure/sql-report-writer.js';
import { StatusSchemas } from './infrastructure/status-schemas.js';
import { DeviceChecks } from './application/device-checks.js';
import { DeviceHoldings } from './application/device-holdings.js';
import { DeviceSchemas } from './application/device-schemas.js';
import { DeviceTypeQueries } from './application/device-type.queries.js';
import { DeviceTypeService } from './application/device-type.service.js';
import { DeviceTypes } from './application/device-types.js';
import { DeviceQueries } from './application/device.queries.js';
import { DeviceService } from './application/device.service.js';
import { DeviceTypeRepository } from './domain/device-type.repository.js';
import { DeviceRepository } from './domain/device.repository.js';
import { DeviceAnswers } from './http/device-answers.js';
import { DeviceBatch, DevicePreparation } from './http/device-batch.js';
import { DeviceBodies } from './http/device-bodies.js';
import { DeviceByMacController } from './http/device-by-mac.controller.js';
import { DeviceDocumentsController } from './http/device-documents.controller.js';
import { DeviceImport } from './http/device-import.js';
import { DeviceTransferController } from './http/device-transfer.controller.js';
import { DeviceTypeBodies } from './http/device-type-bodies.js';
import { DeviceTypeByKeyController } from './http/device-type-by-key.controller.js';
import { DeviceTypeHistoryController } from './http/device-type-history.controller.js';
import { toDeviceTypeResponse } from './http/device-type.wire.js';
import { deviceTypeControllers } from './http/device-types.controller.js';
import { DeviceVersionsController } from './http/device-versions.controller.js';
import { toRegisteredDevice } from './http/device.wire.js';
import { DevicesController } from './http/devices.controller.js';
import { DEVICE_TYPE_TYPE, toDeviceTypeView } from './infrastructure/device-type.table.js';
import type { DeviceTypeRecord } from './infrastructure/device-type.table.js';
import { DEVICE_TYPE, toDeviceView } from './infrastructure/device.table.js';
import type { DeviceRecord } from './infrastructure/device.table.js';
import { PooledDeviceSchemas } from './infrastructure/pooled-device-schemas.js';
import { SqlDeviceTypeQueries } from './infrastructure/sql-device-type.queries.js';
import { SqlDeviceTypes } from './infrastructure/sql-device-types.js';
import { SqlDeviceQueries } from './infrastructure/sql-device.queries.js';
import { TypeOrmDeviceTypeRepository } from './infrastructure/typeorm-device-type.repository.js';
import { TypeOrmDeviceRepository } from './infrastructure/typeorm-device.repository.js';

/** Devices, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [
    ...deviceTypeControllers,
    DeviceTypeByKeyController,
    DeviceTypeHistoryController,
    DevicesController,
    DeviceByMacController,
    DeviceDocumentsController,
    DeviceTransferController,
    DeviceVersionsController,
    DeviceReportsController,
    DevicePastController,
  ],
  providers: [
    RememberedReporters,
    SqlReportWriter,
    StatusSchemas,
    ConnectivitySweeper,
    { provide: DeviceReports, useClass: CoalescedReports },
    { provide: DeviceJournal, useClass: SqlDeviceJournal },
    { provide: DeviceHistoryQueries, useClass: SqlDeviceHistoryQueries },
    { provide: DeviceQueries, useClass: SqlDeviceQueries },
    { provide: DeviceRepository, useClass: TypeOrmDeviceRepository },
    { provide: DeviceSchemas, useClass: PooledDeviceSchemas },
    { provide: DeviceTypes, useClass: SqlDeviceTypes },
    { provide: DeviceTypeRepository, useClass: TypeOrmDeviceTypeRepository },
    { provide: DeviceTypeQueries, useClass: SqlDeviceTypeQueries },
    DeviceChecks,
    DeviceHoldings,
    DeviceService,
    DeviceTypeService,
    DeviceAnswers,
    DeviceBatch,
    DevicePreparation,
    DeviceBodies,
    DeviceImport,
    DeviceTypeBodies,
  ],
})
export class DevicesModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(DEVICE_TYPE_TYPE, (row) =>
      toDeviceTypeResponse(toDeviceTypeView(row as unknown as DeviceTypeRecord)),
    );
    this.presenters.register(DEVICE_TYPE, (row) =>
      isAct(row) ? presentAct(row) : toRegisteredDevice(toDeviceView(row as unknown as DeviceRecord)),
    );
  }
}
