export const CONNECTIVITIES = ['never', 'online', 'late', 'offline'] as const;

/** Whether a device is heard of: it follows from when it was last seen, and from nothing else. */
export type Connectivity = (typeof CONNECTIVITIES)[number];

/** Heartbeats that may be missed. */
const ONLINE_HEARTBEATS = 2;
const LATE_HEARTBEATS = 4;
const MILLISECONDS = 1_000;

/** How a device is heard of: `online` up to and with two heartbeats of silence, `late` up to and with four. */
export function connectivityAt(lastSeenAt: Date | null, heartbeatSeconds: number, now: Date): Connectivity {
  if (!lastSeenAt) return 'never';
  const silent = now.getTime() - lastSeenAt.getTime();
  if (silent <= ONLINE_HEARTBEATS * heartbeatSeconds * MILLISECONDS) return 'online';
  return silent <= LATE_HEARTBEATS * heartbeatSeconds * MILLISECONDS ? 'late' : 'offline';
}

/** The first instant at which a device that stays silent is what it falls to. */
export function fallsTo(to: 'late' | 'offline', lastSeenAt: Date, heartbeatSeconds: number): Date {
  const heartbeats = to === 'late' ? ONLINE_HEARTBEATS : LATE_HEARTBEATS;
  return new Date(lastSeenAt.getTime() + heartbeats * heartbeatSeconds * MILLISECONDS + 1);
}

/** When a device that is this now is to be looked at again; null where silence changes nothing more. */
export function nextLook(now: Connectivity, lastSeenAt: Date | null, heartbeatSeconds: number): Date | null {
  if (!lastSeenAt || now === 'never' || now === 'offline') return null;
  return fallsTo(now === 'online' ? 'late' : 'offline', lastSeenAt, heartbeatSeconds);
}

const RANK: Readonly<Record<Connectivity, number>> = { never: 0, offline: 1, late: 2, online: 3 };

/** True for what only hearing of a device can bring about. */
export const isBetter = (one: Connectivity, than: Connectivity): boolean => RANK[one] > RANK[than];
