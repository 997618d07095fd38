import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ChangeLog } from '#platform/change-log';
import type { Change } from '#platform/change-log';
import { CallContext } from '#platform/context';
import type { Caller } from '#platform/context';
import { Database } from '#platform/database';
import { PLATFORM_WIDE } from './api-key.js';

/** Different acts remembered at a time; what comes beyond is in the log lines alone. */
const ACTS_MAX = 1_000;

interface DeniedActs {
  readonly tenant: string;
  readonly actor: string;
  /** The route as it is declared, for example `GET /api/v1/metadata/:id`. */
  readonly route: string;
  count: number;
}

/**
 * Puts refused acts into the audit trail. Gathered and counted, so that somebody who hammers at a closed door writes one
 * row a minute and not a thousand.
 */
@Injectable()
export class SecurityAudit implements BeforeApplicationShutdown {
  #denied = new Map<string, DeniedActs>();

  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly context: CallContext,
  ) {}

  /** A caller who is known was turned away. */
  denied(caller: Caller, route: string): void {
    this.#count({ tenant: caller.tenant ?? PLATFORM_WIDE, actor: caller.actor, route, count: 1 });
  }

  /** Writes what was gathered; it stays gathered when that fails. */
  async flush(): Promise<void> {
    const acts = [...this.#denied.values()];
    if (acts.length === 0) return;
    this.#denied = new Map(); // What comes while these are written is counted anew.
    try {
      await this.context.runAsSystem('security-audit', () =>
        this.database.run(async () => {
          for (const act of acts) this.log.append(changeFor(act));
        }),
      );
    } catch (error) {
      for (const act of acts) this.#count(act);
      throw error;
    }
  }

  #count(act: DeniedActs): void {
    const key = `${act.actor}\n${act.route}`;
    const known = this.#denied.get(key);
    if (known) known.count += act.count;
    else if (this.#denied.size < ACTS_MAX) this.#denied.set(key, act);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch(() => undefined);
  }
}

/** An act is a row of the log that belongs to no version of anything. */
function changeFor({ tenant, actor, route, count }: DeniedActs): Change {
  return {
    tenant,
    aggregateType: 'platform.access',
    aggregateId: uuidv7(),
    aggregateVersion: 0,
    type: 'denied',
    subject: route,
    previousSubject: null,
    snapshot: JSON.stringify({ actor, route, count }),
    reason: null,
    rolledBackFrom: null,
    occurredAt: null,
    actor, // Who tried, and not who writes it down.
  };
}
