import type pg from 'pg';

/** A node of a plan of PostgreSQL, as `explain (analyze, buffers, format json)` tells it. */
export interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  /** Of one loop, on average. */
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Heap Fetches'?: number;
  /** Blocks of 8 KiB. */
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

/** A statement as the service sends it. */
export interface Sent {
  readonly text: string;
  readonly values: unknown[];
}

/** As the service sends it: under its role, in one transaction, for a tenant or, as `*`, for the whole installation. */
export async function explained(owner: pg.Pool, { text, values }: Sent, caller: string): Promise<Plan> {
  const client = await owner.connect();
  try {
    await client.query('begin; set local role metastore_app');
    await client.query(`select set_config('app.tenant', $1, true)`, [caller]);
    const { rows } = await client.query(`explain (analyze, buffers, format json) ${text}`, values);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

export const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** How many blocks were touched, wherever they were. */
export const blocksOf = (plan: Plan): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];

/** The index of each node that has one. */
export const indexesOf = (plan: Plan): string[] => nodesOf(plan).flatMap((node) => node['Index Name'] ?? []);

/** The tables that were read from one end to the other. */
export const wholeTables = (plan: Plan): unknown[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name']);
