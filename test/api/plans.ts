import { Client } from 'pg';
import { factTables } from '../../indexer/store/factTables';

/** A statement of the API with the values it was asked with. */
interface Asked {
  text: string;
  values: unknown[];
}

export interface Noted {
  /** By its text, each with the values it was asked with first. */
  statements: ReadonlyMap<string, Asked>;
  /** How many were asked, the same one each time it was. */
  count(): number;
  stop(): void;
}

/** Notes what snapshots ask from now on, beside their beginning and end. */
export function noteStatements(): Noted {
  const statements = new Map<string, Asked>();
  let asked = 0;
  const query: (...given: unknown[]) => unknown = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...given: unknown[]) {
    const { name, text, values = [] } = (given[0] ?? {}) as { name?: string } & Partial<Asked>;
    if (text !== undefined && name?.startsWith('snapshot_')) {
      asked += 1;
      if (!statements.has(text)) statements.set(text, { text, values });
    }
    return query.apply(this, given);
  } as typeof Client.prototype.query;
  return {
    statements,
    count: () => asked,
    stop: () => {
      Client.prototype.query = query as typeof Client.prototype.query;
    },
  };
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  /** Of each loop, as far as it was run. */
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** The tables of facts that a statement can't be answered from by an index: none where it reads no table whole. */
export async function tablesReadWhole(url: string, asked: Asked): Promise<string[]> {
  return wholeIn(await planOf(url, asked, 'format json'));
}

/** How many rows of a table it looks at. */
export async function rowsRead(url: string, asked: Asked, table: string): Promise<number> {
  return readIn(await planOf(url, asked, 'format json, analyze'), table);
}

async function planOf(url: string, { text, values }: Asked, options: string): Promise<Plan> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Planned as the API's connections do.
    await client.query('set enable_seqscan = off; set plan_cache_mode = force_generic_plan');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (${options}) ${text}`, values);
    return rows[0]!['QUERY PLAN'][0].Plan;
  } finally {
    await client.end();
  }
}

function wholeIn({ 'Node Type': node, 'Relation Name': table = '', Plans = [] }: Plan): string[] {
  const own = node === 'Seq Scan' && table in factTables ? [table] : [];
  return [...own, ...Plans.flatMap(wholeIn)];
}

function readIn(plan: Plan, table: string): number {
  const {
    'Actual Rows': rows = 0,
    'Actual Loops': loops = 0,
    'Rows Removed by Filter': removed = 0,
    Plans = [],
  } = plan;
  const own = plan['Relation Name'] === table ? (rows + removed) * loops : 0;
  return Plans.reduce((sum, each) => sum + readIn(each, table), own);
}
