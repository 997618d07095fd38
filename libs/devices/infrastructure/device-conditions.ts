import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelRowsMatch } from '#platform/database';
import type { DeviceFilter } from '../application/device.queries.js';
import type { IpRange } from '../domain/ip-address.js';

const LABELS = { table: 'devices.device_label', owner: 'device_id' } as const;

/** What of the devices called `t`, joined with how they are, a filter lets through. */
export function conditionsOf(filter: DeviceFilter): Conditions {
  const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
  const where = new Conditions();
  const anyOf = (column: string, values: readonly unknown[] | undefined): void => {
    where.when(values, (conditions, some) => conditions.isOneOf(column, some));
  };
  anyOf('t.device_type', filter.types);
  anyOf('t.mac_address', filter.macs);
  anyOf('t.status_value', filter.statuses);
  anyOf('t.connectivity', filter.connectivities);
  anyOf('t.environment', filter.environments);
  anyOf('t.owner_team_id', filter.teams);
  anyOf('t.store_id', filter.stores);
  return where
    .when(filter.ips, (conditions, ips) =>
      conditions.and('t.ip_order = any (?::inet[])', [...ips]).and('t.ip_address = any (?)', [...ips]),
    )
    .when(filter.ranges, addRanges)
    .when(filter.delta, (conditions, delta) =>
      conditions.raw(delta === 'some' ? 't.has_delta' : 'not t.has_delta'),
    )
    .when(filter.selector, (conditions, selector) => whereLabelRowsMatch(conditions, selector, LABELS))
    .when(filter.registeredFrom, (conditions, from) => conditions.and('t.registration_date >= ?', from))
    .when(filter.registeredUntil, (conditions, until) => conditions.and('t.registration_date < ?', until))
    .when(filter.lastSeenBefore, (conditions, before) =>
      conditions.raw('t.last_seen_at is not null').and('t.seen_order < ?', before),
    )
    .when(filter.q, (conditions, text) =>
      conditions.and('t.id in (select devices.search_device(?, ?))', tenants, containsPattern(text)),
    );
}

/** By comparison from end to end, which an index follows under row-level security, too: `<<=` would not. */
function addRanges(where: Conditions, ranges: readonly IpRange[]): void {
  const any = ranges.map(
    ({ first, last }) => `t.ip_order between ${where.bind(first)}::inet and ${where.bind(last)}::inet`,
  );
  where.raw(`(${any.join(' or ')})`).raw('t.ip_address is not null');
}
