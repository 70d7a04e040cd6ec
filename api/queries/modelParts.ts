import { attributionMethods, nameOf } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { adapterId } from '../ids';
import { sql } from '../sql';
import type { Adapter, Model, ModelPrice, ModelVersion } from '../types/model';
import { rowByKey, rowsByKey } from './keyed';
import { listConnection } from './lists/listConnection';

export interface PriceRow {
  chain_id: number;
  pos: bigint;
  token: Buffer;
  per1k_in: string;
  per1k_out: string;
  platform_fee: string;
}

export function toPrice(row: PriceRow): ModelPrice {
  return {
    chainId: row.chain_id,
    pos: row.pos,
    tokenAddress: row.token,
    per1kIn: row.per1k_in,
    per1kOut: row.per1k_out,
    platformFee: row.platform_fee,
  };
}

const latestPrice = rowByKey<PriceRow>(
  'model price',
  'numeric',
  sql`
    select p.ordinal, x.*
    from p
    cross join lateral (
      select r.chain_id, r.pos, r.token, r.per1k_in, r.per1k_out, r.platform_fee
      from price r
      where r.chain_id = p.chain_id and r.model_id = p.key
      order by r.pos desc
      limit 1
    ) x`,
);

/** The latest PriceSet, in any token. */
export async function priceOf(context: Context, { chainId, modelId }: Model): Promise<ModelPrice | null> {
  const row = await latestPrice(context, chainId, modelId);
  return row && toPrice(row);
}

export function pricesOf(
  context: Context,
  args: PageArgs,
  { chainId, modelId }: Model,
): Promise<Connection<ModelPrice>> {
  return listConnection<PriceRow, ModelPrice>(
    context,
    args,
    {
      name: 'model.prices',
      keyType: 'numeric',
      columns: sql`r.chain_id, r.pos, r.token, r.per1k_in, r.per1k_out, r.platform_fee`,
      from: sql`price r`,
      where: [sql`r.chain_id = p.chain_id`, sql`r.model_id = p.key`],
      pos: sql`r.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: modelId },
    toPrice,
  );
}

export interface ModelVersionRow {
  chain_id: number;
  pos: bigint;
  version: bigint;
  run_id: Buffer;
  weights_hash: Buffer;
  attribution_method: number;
}

export function toModelVersion(row: ModelVersionRow): ModelVersion {
  return {
    chainId: row.chain_id,
    pos: row.pos,
    version: row.version,
    weightsHash: row.weights_hash,
    attributionMethod: nameOf(attributionMethods, row.attribution_method),
    runId: row.run_id,
  };
}

export function versionsOfModel(
  context: Context,
  args: PageArgs,
  { chainId, modelId }: Model,
): Promise<Connection<ModelVersion>> {
  return listConnection<ModelVersionRow, ModelVersion>(
    context,
    args,
    {
      name: 'model.versions',
      keyType: 'numeric',
      columns: sql`v.chain_id, v.pos, v.version, v.run_id, v.weights_hash, v.attribution_method`,
      from: sql`model_version v`,
      where: [sql`v.chain_id = p.chain_id`, sql`v.model_id = p.key`],
      pos: sql`v.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: modelId },
    toModelVersion,
  );
}

interface AdapterRow {
  chain_id: number;
  adapter_id: string;
  pos: bigint;
  model_id: string;
  builder: Buffer;
  base_version: bigint;
  run_id: Buffer;
  adapter_hash: Buffer;
}
const adapterColumns = sql`a.chain_id, a.adapter_id, a.pos, a.model_id, a.builder, a.base_version, a.run_id,
  a.adapter_hash`;

function toAdapter(row: AdapterRow): Adapter {
  return {
    id: adapterId(row.chain_id, row.adapter_id),
    chainId: row.chain_id,
    adapterId: row.adapter_id,
    baseVersion: row.base_version,
    adapterHash: row.adapter_hash,
    pos: row.pos,
    modelId: row.model_id,
    builderAddress: row.builder,
    runId: row.run_id,
  };
}

const adapterRow = rowByKey<AdapterRow>(
  'adapter',
  'numeric',
  sql`
    select p.ordinal, ${adapterColumns}
    from p
    join adapter a on a.chain_id = p.chain_id and a.adapter_id = p.key`,
);

/** null for an id that was never registered. */
export async function adapter(context: Context, chainId: number, key: bigint | string): Promise<Adapter | null> {
  const row = await adapterRow(context, chainId, key);
  return row && toAdapter(row);
}

export function adaptersOfModel(
  context: Context,
  args: PageArgs,
  { chainId, modelId }: Model,
): Promise<Connection<Adapter>> {
  return listConnection<AdapterRow, Adapter>(
    context,
    args,
    {
      name: 'model.adapters',
      keyType: 'numeric',
      columns: adapterColumns,
      from: sql`adapter a`,
      where: [sql`a.chain_id = p.chain_id`, sql`a.model_id = p.key`],
      pos: sql`a.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: modelId },
    toAdapter,
  );
}

const receiptAdapters = rowsByKey<AdapterRow>(
  'inference adapters',
  'bytea',
  sql`
    select p.ordinal, ${adapterColumns}
    from p
    join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    order by p.ordinal, x.item`,
);

/** The existing adapters of an inference's receipt, each once, in its order. */
export async function adaptersOfInference(context: Context, chainId: number, inferenceId: Buffer): Promise<Adapter[]> {
  return (await receiptAdapters(context, chainId, inferenceId)).map(toAdapter);
}

const adapterCount = rowByKey<{ inferences: number }>(
  'adapter count',
  'numeric',
  sql`
    select p.ordinal, n.inferences
    from p
    join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`,
);

export async function adapterInferences(context: Context, { chainId, adapterId }: Adapter): Promise<number> {
  return (await adapterCount(context, chainId, adapterId))?.inferences ?? 0;
}
