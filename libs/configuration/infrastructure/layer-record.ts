import { tenantFromColumn } from '#platform/context';
import { toLayer } from '../domain/effective/layer.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ConfigurationId, ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';
import { toConfigurationContent } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';

/** What was checked on its way in is trusted on its way out. */
export const layerFrom = (record: ConfigurationRecord): Layer =>
  toLayer({
    ...toConfigurationContent(record),
    id: record.id as ConfigurationId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    stamp: null,
    service: record.service as ServiceId,
    name: record.name as ConfigurationName,
    environment: record.environment as EnvironmentName,
  });
