import { Budget1764000000009 } from './0009-budget.js';
import { Catalog1764000000006 } from './0006-catalog.js';
import { ChainedChangeLog1764000000010 } from './0010-chained-change-log.js';
import { Compaction1764000000013 } from './0013-compaction.js';
import { Configuration1764000000005 } from './0005-configuration.js';
import { Devices1764000000007 } from './0007-devices.js';
import { FeatureFlags1764000000003 } from './0003-feature-flags.js';
import { FlagUsage1764000000004 } from './0004-flag-usage.js';
import { Metadata1764000000002 } from './0002-metadata.js';
import { Platform1764000000001 } from './0001-platform.js';
import { SignedUrls1764000000014 } from './0014-signed-urls.js';
import { Sinks1764000000011 } from './0011-sinks.js';
import { SupervisorRequests1764000000008 } from './0008-supervisor-requests.js';
import { Webhooks1764000000012 } from './0012-webhooks.js';

/** Every migration, in the order in which they run. */
export const migrations = [
  Platform1764000000001,
  Metadata1764000000002,
  FeatureFlags1764000000003,
  FlagUsage1764000000004,
  Configuration1764000000005,
  Catalog1764000000006,
  Devices1764000000007,
  SupervisorRequests1764000000008,
  Budget1764000000009,
  ChainedChangeLog1764000000010,
  Sinks1764000000011,
  Webhooks1764000000012,
  Compaction1764000000013,
  SignedUrls1764000000014,
];
