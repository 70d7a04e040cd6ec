import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { modelId } from '../ids';
import { sql } from '../sql';
import type { Model, ModelFilter, ModelOrder } from '../types/model';
import { beside } from './beside';
import type { Columns } from './columns';
import { type Key, type KeyType, rowByKey, rowsByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import type { Listing } from './lists/listing';
import { orderingOf } from './lists/order';
import type { TokenTotal } from './money';

interface ModelRow {
  chain_id: number;
  model_id: string;
  pos: bigint;
  builder: Buffer;
  parent_model_id: string;
  metadata_hash: Buffer;
  metadata_uri: string;
}
const own = sql`m.chain_id, m.model_id, m.pos, m.builder, m.parent_model_id, m.metadata_hash, m.metadata_uri`;
const columns: Columns = {
  all: own,
  key: ['chain_id', 'model_id'],
  byField: {
    __typename: [],
    id: [],
    chainId: [],
    modelId: [],
    metadataURI: ['metadata_uri'],
    metadataHash: ['metadata_hash'],
  },
};

function toModel(row: ModelRow): Model {
  return {
    id: modelId(row.chain_id, row.model_id),
    chainId: row.chain_id,
    modelId: row.model_id,
    metadataURI: row.metadata_uri,
    metadataHash: row.metadata_hash,
    pos: row.pos,
    builderAddress: row.builder,
    parentModelId: row.parent_model_id,
  };
}

const modelRow = rowByKey<ModelRow>(
  'model',
  'numeric',
  sql`
    select p.ordinal, ${own}
    from p
    join model m on m.chain_id = p.chain_id and m.model_id = p.key`,
);

/** Of an inference that is read beside. */
export const modelBeside = beside<ModelRow, Model>(
  'model',
  'model_id',
  columns,
  sql`model m where m.chain_id = inference.chain_id and m.model_id = inference.model_id`,
  toModel,
);

/** null for an id that was never registered. */
export async function model(context: Context, chainId: number, key: bigint | string): Promise<Model | null> {
  const row = await modelRow(context, chainId, key);
  return row && toModel(row);
}

export interface ModelCounts {
  inferences: number;
  users: number;
  paid: number;
  paid_attributed: number;
  ratings: number;
  rating_sum: bigint;
}
const none: ModelCounts = { inferences: 0, users: 0, paid: 0, paid_attributed: 0, ratings: 0, rating_sum: 0n };

const countRow = rowByKey<ModelCounts>(
  'model counts',
  'numeric',
  sql`
    select p.ordinal, n.inferences, n.users, n.paid, n.paid_attributed, n.ratings, n.rating_sum
    from p
    join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`,
);

export async function modelCounts(context: Context, { chainId, modelId }: Model): Promise<ModelCounts> {
  return (await countRow(context, chainId, modelId)) ?? none;
}

const feeRows = rowsByKey<TokenTotal>(
  'model fees',
  'numeric',
  sql`
    select p.ordinal, p.chain_id, f.token, f.fees as amount
    from p
    join model_fee f on f.chain_id = p.chain_id and f.model_id = p.key and f.n <> 0
    order by p.ordinal, f.token`,
);

/** Fees of its inferences less their refunds, by token. */
export function modelFees(context: Context, { chainId, modelId }: Model): Promise<TokenTotal[]> {
  return feeRows(context, chainId, modelId);
}

const latestVersionRow = rowByKey<{ version: bigint | null }>(
  'model latest version',
  'numeric',
  sql`
    select p.ordinal,
      (select max(v.version) from model_version v where v.chain_id = p.chain_id and v.model_id = p.key) as version
    from p`,
);

export async function latestModelVersion(context: Context, { chainId, modelId }: Model): Promise<bigint | null> {
  return (await latestVersionRow(context, chainId, modelId))?.version ?? null;
}

const count = (column: 'inferences' | 'users') => {
  const value = column === 'inferences' ? sql`n.inferences` : sql`n.users`;
  return sql`coalesce((
    select ${value} from model_count n where n.chain_id = m.chain_id and n.model_id = m.model_id
  ), 0)`;
};

export async function models(
  context: Context,
  args: PageArgs,
  where: ModelFilter | null | undefined,
  orderBy: ModelOrder | null | undefined,
): Promise<Connection<Model>> {
  const filter = await Filter.of(context, where);
  filter.address(sql`m.builder`, where?.builder);
  filter.id(
    'where.datanet',
    'datanet',
    where?.datanet,
    (is) => sql`exists (
      select from model_datanet x
      where x.chain_id = m.chain_id and x.model_id = m.model_id and ${is(sql`x.datanet_id`)}
    )`,
  );
  // parentModelId 0 is none, though a model may have the id 0.
  filter.id(
    'where.parent',
    'model',
    where?.parent,
    (is) => sql`(${is(sql`m.parent_model_id`)} and m.parent_model_id <> 0)`,
  );
  filter.name(sql`m.metadata_hash`, where?.name);
  const ordering = orderingOf('models', orderBy, {
    CREATED: null,
    INFERENCES: count('inferences'),
    USERS: count('users'),
    FEES: {
      // The token that no event names is no inference's.
      ofToken: ({ chainId, address }) => sql`
        select f.fees
        from model_fee f
        where f.chain_id = m.chain_id and f.model_id = m.model_id and f.n <> 0
          and f.chain_id = ${chainId}::integer and f.token = ${address}::bytea`,
    },
  });
  return listConnection<ModelRow, Model>(
    context,
    args,
    {
      ...ordering,
      columns: own,
      from: sql`model m`,
      where: [sql`m.chain_id = p.chain_id`, ...filter.where],
      given: filter.given,
      pos: sql`m.pos`,
    },
    { chainIds: filter.chainIds, key: null },
    toModel,
  );
}

function modelsOf(
  context: Context,
  args: PageArgs,
  listing: Pick<Listing, 'name' | 'from' | 'where'> & { keyType: KeyType },
  parent: { chainIds: readonly number[]; key: Key },
): Promise<Connection<Model>> {
  const rest = { columns: own, pos: sql`m.pos`, direction: 'DESC' } as const;
  return listConnection<ModelRow, Model>(context, args, { ...listing, ...rest }, parent, toModel);
}

/** Those trained on a datanet. */
export function modelsOfDatanet(
  context: Context,
  args: PageArgs,
  { chainId, datanetId }: { chainId: number; datanetId: string },
): Promise<Connection<Model>> {
  return modelsOf(
    context,
    args,
    {
      name: 'datanet.models',
      keyType: 'numeric',
      from: sql`model_datanet x join model m on m.chain_id = x.chain_id and m.model_id = x.model_id`,
      where: [sql`x.chain_id = p.chain_id`, sql`x.datanet_id = p.key`],
    },
    { chainIds: [chainId], key: datanetId },
  );
}

export function childrenOfModel(
  context: Context,
  args: PageArgs,
  { chainId, modelId }: Model,
): Promise<Connection<Model>> {
  return modelsOf(
    context,
    args,
    {
      name: 'model.children',
      keyType: 'numeric',
      from: sql`model m`,
      where: [sql`m.chain_id = p.chain_id`, sql`m.parent_model_id = p.key`, sql`p.key <> 0`],
    },
    { chainIds: [chainId], key: modelId },
  );
}

export function modelsOfAccount(
  context: Context,
  args: PageArgs,
  chainIds: readonly number[],
  address: Buffer,
): Promise<Connection<Model>> {
  return modelsOf(
    context,
    args,
    {
      name: 'account.models',
      keyType: 'bytea',
      from: sql`model m`,
      where: [sql`m.chain_id = p.chain_id`, sql`m.builder = p.key`],
    },
    { chainIds, key: address },
  );
}
