import { datanetStatuses, dataTypes, nameOf } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { datanetId } from '../ids';
import { sql } from '../sql';
import type { Datanet, DatanetFilter, DatanetOrder } from '../types/datanet';
import { beside } from './beside';
import type { Columns } from './columns';
import { rowByKey, rowsByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import { orderingOf } from './lists/order';
import { isToken } from './money';

interface DatanetRow {
  chain_id: number;
  datanet_id: string;
  pos: bigint;
  owner: Buffer;
  data_type: number;
  status: number;
  metadata_hash: Buffer;
  metadata_uri: string;
}
const own = sql`d.chain_id, d.datanet_id, d.pos, d.owner, d.data_type, d.status, d.metadata_hash, d.metadata_uri`;
const columns: Columns = {
  all: own,
  key: ['chain_id', 'datanet_id'],
  byField: {
    __typename: [],
    id: [],
    chainId: [],
    datanetId: [],
    dataType: ['data_type'],
    status: ['status'],
    metadataURI: ['metadata_uri'],
    metadataHash: ['metadata_hash'],
  },
};

function toDatanet(row: DatanetRow): Datanet {
  return {
    id: datanetId(row.chain_id, row.datanet_id),
    chainId: row.chain_id,
    datanetId: row.datanet_id,
    dataType: nameOf(dataTypes, row.data_type),
    status: nameOf(datanetStatuses, row.status),
    metadataURI: row.metadata_uri,
    metadataHash: row.metadata_hash,
    pos: row.pos,
    ownerAddress: row.owner,
  };
}

const datanetRow = rowByKey<DatanetRow>(
  'datanet',
  'numeric',
  sql`
    select p.ordinal, ${own}
    from p
    join datanet_state d on d.chain_id = p.chain_id and d.datanet_id = p.key`,
);

/** Of a contribution that is read beside. */
export const datanetBeside = beside<DatanetRow, Datanet>(
  'datanet',
  'datanet_id',
  columns,
  sql`datanet_state d where d.chain_id = contribution.chain_id and d.datanet_id = contribution.datanet_id`,
  toDatanet,
);

/** null for an id that was never created. */
export async function datanet(context: Context, chainId: number, key: bigint | string): Promise<Datanet | null> {
  const row = await datanetRow(context, chainId, key);
  return row && toDatanet(row);
}

export interface DatanetCounts {
  contributions: number;
  pending: number;
  accepted: number;
  rejected: number;
  slashed: number;
  contributors: number;
  models: number;
  inferences: number;
}
const none: DatanetCounts = {
  contributions: 0,
  pending: 0,
  accepted: 0,
  rejected: 0,
  slashed: 0,
  contributors: 0,
  models: 0,
  inferences: 0,
};

const countRow = rowByKey<DatanetCounts>(
  'datanet counts',
  'numeric',
  sql`
    select p.ordinal, n.contributions, n.pending, n.accepted, n.rejected, n.slashed, n.contributors, n.models,
      n.inferences
    from p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`,
);

export async function datanetCounts(context: Context, { chainId, datanetId }: Datanet): Promise<DatanetCounts> {
  return (await countRow(context, chainId, datanetId)) ?? none;
}

const latestVersionRow = rowByKey<{ version: string | null }>(
  'datanet latest version',
  'numeric',
  sql`
    select p.ordinal,
      (select max(v.version) from datanet_version v where v.chain_id = p.chain_id and v.datanet_id = p.key) as version
    from p`,
);

export async function latestDatanetVersion(context: Context, { chainId, datanetId }: Datanet): Promise<string | null> {
  return (await latestVersionRow(context, chainId, datanetId))?.version ?? null;
}

/** Accrued rewards in one token, and what backed them; null token: of pools never created. */
export interface BackingRow {
  chain_id: number;
  token: Buffer | null;
  accrued: string;
  fee: string;
  emission: string;
  grant: string;
  slash: string;
  unknown: string;
}

const rewardRows = rowsByKey<BackingRow>(
  'datanet rewards',
  'numeric',
  sql`
    select p.ordinal, p.chain_id, l.token, sum(s.accrued) as accrued, sum(s.fee) as fee, sum(s.emission) as emission,
      sum(s."grant") as "grant", sum(s.slash) as slash, sum(s.unknown) as unknown
    from p
    join subject_pool s on s.chain_id = p.chain_id and s.kind = 2 and s.subject_id = p.key
    left join pool l on l.chain_id = s.chain_id and l.pool_id = s.pool_id
    group by p.ordinal, p.chain_id, l.token
    order by p.ordinal, p.chain_id, l.token nulls last`,
);

/** Accrued rewards of a datanet, by token. */
export function datanetRewards(context: Context, { chainId, datanetId }: Datanet): Promise<BackingRow[]> {
  return rewardRows(context, chainId, datanetId);
}

const count = (column: 'contributions' | 'inferences') => {
  const value = column === 'contributions' ? sql`n.contributions` : sql`n.inferences`;
  return sql`coalesce((
    select ${value} from datanet_count n where n.chain_id = d.chain_id and n.datanet_id = d.datanet_id
  ), 0)`;
};

export async function datanets(
  context: Context,
  args: PageArgs,
  where: DatanetFilter | null | undefined,
  orderBy: DatanetOrder | null | undefined,
): Promise<Connection<Datanet>> {
  const filter = await Filter.of(context, where);
  filter.address(sql`d.owner`, where?.owner);
  filter.code(sql`d.data_type`, dataTypes, where?.dataType);
  filter.code(sql`d.status`, datanetStatuses, where?.status);
  filter.name(sql`d.metadata_hash`, where?.name);
  await filter.time(where?.createdAt);
  const ordering = orderingOf('datanets', orderBy, {
    CREATED: null,
    CONTRIBUTIONS: count('contributions'),
    INFERENCES: count('inferences'),
    ACCEPTANCE_RATE: sql`
      select n.accepted::numeric / nullif(n.accepted + n.rejected, 0)
      from datanet_count n
      where n.chain_id = d.chain_id and n.datanet_id = d.datanet_id`,
    EARNED: {
      ofToken: (token) => sql`
        select sum(s.accrued)
        from subject_pool s
        left join pool l on l.chain_id = s.chain_id and l.pool_id = s.pool_id
        where s.chain_id = d.chain_id and s.kind = 2 and s.subject_id = d.datanet_id
          and ${isToken(sql`s.chain_id`, sql`l.token`, token)}`,
    },
  });
  return listConnection<DatanetRow, Datanet>(
    context,
    args,
    {
      ...ordering,
      columns: own,
      from: sql`datanet c join datanet_state d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id`,
      where: [sql`c.chain_id = p.chain_id`, sql`d.chain_id = p.chain_id`, ...filter.where],
      // The owner's index holds the state's position.
      pos: where?.owner ? sql`d.pos` : sql`c.pos`,
      given: filter.given,
      range: filter.range,
    },
    { chainIds: filter.chainIds, key: null },
    toDatanet,
  );
}

/** The datanets that a model was trained on. */
export function datanetsOfModel(
  context: Context,
  args: PageArgs,
  model: { chainId: number; modelId: string },
): Promise<Connection<Datanet>> {
  return listConnection<DatanetRow, Datanet>(
    context,
    args,
    {
      name: 'model.datanets',
      keyType: 'numeric',
      columns: own,
      from: sql`model_datanet m join datanet_state d on d.chain_id = m.chain_id and d.datanet_id = m.datanet_id`,
      where: [sql`m.chain_id = p.chain_id`, sql`m.model_id = p.key`],
      pos: sql`d.pos`,
      direction: 'DESC',
    },
    { chainIds: [model.chainId], key: model.modelId },
    toDatanet,
  );
}
