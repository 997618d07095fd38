import type { DomainError } from '#shared-kernel';
import { SHARED_TENANT, tenantColumn, TenantForbidden } from '#platform/context';
import type { ReportingName } from '../application/device-reports.js';
import { DeviceNotFound } from '../domain/device-errors.js';
import type { ReporterRow, TypeOfTenantRow } from './report-statements.js';
import type { TypeVersion } from './status-schemas.js';

/** Finds devices by what a report calls them. */
export class Finder {
  readonly #byId = new Map<string, ReporterRow>();
  readonly #byMac = new Map<string, ReporterRow>();

  constructor(
    rows: readonly ReporterRow[],
    private readonly callersTenant: string | null,
  ) {
    for (const row of rows) {
      this.#byId.set(row.id, row);
      if (row.mac_address !== null) this.#byMac.set(`${row.tenant}/${row.mac_address}`, row);
    }
  }

  find(name: ReportingName): ReporterRow | null {
    if ('id' in name) return this.#byId.get(name.id) ?? null;
    const { mac, tenant } = name;
    const own = this.#byMac.get(`${tenantColumn(tenant)}/${mac}`);
    return own ?? this.#byMac.get(`${SHARED_TENANT}/${mac}`) ?? null;
  }

  /** What is seen and cannot be locked belongs to all, or was deleted in between. */
  refusalOf(row: ReporterRow | null): DomainError {
    const isAnothers = row && this.callersTenant !== null && row.tenant !== this.callersTenant;
    return isAnothers ? new TenantForbidden() : new DeviceNotFound();
  }
}

/** Types by their tenant and key: a tenant's own before the shared one. */
export class TypesNow {
  readonly #types = new Map<string, TypeVersion>();
  readonly now: Date;

  constructor(rows: readonly TypeOfTenantRow[]) {
    for (const { tenant, key, id, version } of rows) this.#types.set(`${tenant}/${key}`, { id, version });
    this.now = rows[0]?.now ?? new Date(0); // Without a row there is no device to be judged by it.
  }

  of({ tenant, device_type: key }: ReporterRow): TypeVersion | undefined {
    return this.#types.get(`${tenant}/${key}`) ?? this.#types.get(`${SHARED_TENANT}/${key}`);
  }
}
