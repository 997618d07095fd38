import { sameJson } from '#shared-kernel';
import type { DeviceContent, DeviceState } from '../domain/device.js';
import type { JournalEntry } from '../domain/device-journal.js';

/** What the history is told of a change: the registration, and each document, where it is another one than before. */
export function journalEntries(before: DeviceContent | null, after: DeviceState): JournalEntry[] {
  const { id: deviceId, tenant } = after;
  const entry = (kind: JournalEntry['kind'], document: unknown): JournalEntry => ({
    deviceId,
    tenant,
    kind,
    document,
  });
  const isOther = (name: 'attributes' | 'labels' | 'desired'): boolean =>
    !sameJson(before?.[name] ?? {}, after[name]);
  const isRegisteredAnew = !before || !sameJson(registrationOf(before), registrationOf(after));
  return [
    ...(isRegisteredAnew ? [entry('registered', registrationOf(after))] : []),
    ...(isOther('labels') ? [entry('labels', after.labels)] : []),
    ...(isOther('attributes') ? [entry('attributes', after.attributes)] : []),
    ...(isOther('desired') ? [entry('desired', after.desired)] : []),
  ];
}

/** As the history keeps it, in the words in which it is shown. */
const registrationOf = (content: DeviceContent): object => ({
  name: content.name,
  device_type: content.deviceType,
  mac_address: content.macAddress,
  ip_address: content.ipAddress,
  registration_date: content.registrationDate.toISOString(),
  environment: content.environment,
  owner_team_id: content.ownerTeamId,
  store_id: content.storeId,
  heartbeat_seconds: content.heartbeatSeconds,
});
