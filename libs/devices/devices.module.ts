import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { DeviceHistoryQueries } from './application/device-history.queries.js';
import { DeviceReports } from './application/device-reports.js';
import { DeviceJournal } from './domain/device-journal.js';
import { DevicePastController } from './http/device-past.controller.js';
import { DeviceReportsController } from './http/device-reports.controller.js';
import { CoalescedReports } from './infrastructure/coalesced-reports.js';
import { ConnectivitySweeper } from './infrastructure/connectivity-sweeper.js';
import { SqlDeviceHistoryQueries } from './infrastructure/sql-device-history.queries.js';
import { SqlDeviceJournal } from './infrastructure/sql-device-journal.js';
import { SqlReportWriter } from './infrastructure/sql-report-writer.js';
import { StatusSchemas } from './infrastructure/status-schemas.js';
import { DeviceQueries } from './application/device.queries.js';
import { SqlDeviceQueries } from './infrastructure/sql-device.queries.js';

/** Devices, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [DeviceReportsController, DevicePastController],
  providers: [
    SqlReportWriter,
    StatusSchemas,
    ConnectivitySweeper,
    { provide: DeviceReports, useClass: CoalescedReports },
    { provide: DeviceJournal, useClass: SqlDeviceJournal },
    { provide: DeviceHistoryQueries, useClass: SqlDeviceHistoryQueries },
    { provide: DeviceQueries, useClass: SqlDeviceQueries },
  ],
})
export class DevicesModule {}
