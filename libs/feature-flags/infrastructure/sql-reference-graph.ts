import { Injectable } from '@nestjs/common';
import type { Reference } from '#flag-evaluator';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database } from '#platform/database';
import type { Statement } from '#platform/database';
import { fromKey, keyOf, ReferenceGraph } from '../domain/reference-graph.js';
import type { User } from '../domain/reference-graph.js';

const USERS_MAX = 100;
const NODES = `(
  select 'flag' as kind, tenant, name, id, refs from feature_flags.flag
  union all select 'segment', tenant, name, id, refs from feature_flags.segment)`;

@Injectable()
export class SqlReferenceGraph extends ReferenceGraph {
  constructor(private readonly database: Database) {
    super();
  }

  override async hold(tenant: string | null): Promise<void> {
    await this.database.transaction.query(holding(tenant));
  }

  override async existing(
    tenant: string | null,
    references: readonly Reference[],
    except: string,
  ): Promise<Reference[]> {
    return this.database.read<Reference>({
      name: 'flag_references_existing',
      text: `select distinct n.kind, n.name from ${NODES} as n
             where n.tenant = any ($1) and n.kind || ':' || n.name = any ($2) and n.id <> $3`,
      values: [reachOf(tenant), references.map(keyOf), except],
    });
  }

  override async edgesOf(tenant: string | null): Promise<ReadonlyMap<string, readonly Reference[]>> {
    const rows = await this.database.read<Reference & { refs: string[] }>({
      name: 'flag_references_edges',
      text: `select n.kind, n.name, n.refs from ${NODES} as n where n.tenant = $1 and n.refs <> '{}'`,
      values: [tenantColumn(tenant)],
    });
    return new Map(rows.map((row) => [keyOf(row), row.refs.map(fromKey)]));
  }

  /** A tenant that has one of this name itself refers to that one, not to what is shared. */
  override async usersOf(tenant: string | null, reference: Reference): Promise<User[]> {
    const rows = await this.database.read<Reference & { tenant: string }>({
      name: 'flag_references_users',
      text: `select n.kind, n.name, n.tenant from ${NODES} as n
             where n.refs <> '{}' and $1 = any (n.refs)
               and (n.tenant = $2 or $2 = $3 and not exists (
                 select from ${NODES} as own where own.tenant = n.tenant and own.kind || ':' || own.name = $1))
             order by n.tenant, n.kind, n.name limit ${USERS_MAX}`,
      values: [keyOf(reference), tenantColumn(tenant), SHARED_TENANT],
    });
    return rows.map(({ kind, name, tenant: owner }) => ({ kind, name, tenant: tenantFromColumn(owner) }));
  }
}

/** What an owner's references may lead to. */
const reachOf = (tenant: string | null): string[] =>
  tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];

/** Tenants keep what is shared as it is, each beside the others; whoever changes what is shared waits for all of them. */
function holding(tenant: string | null): Statement {
  return tenant === null
    ? {
        name: 'hold_shared_references',
        text: `select pg_advisory_xact_lock(hashtextextended('flag-references', 0))`,
      }
    : {
        name: 'hold_references',
        text: `select pg_advisory_xact_lock_shared(hashtextextended('flag-references', 0)),
                      pg_advisory_xact_lock(hashtextextended('flag-references/' || $1, 0))`,
        values: [tenant],
      };
}
