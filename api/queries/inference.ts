import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { inferenceId } from '../ids';
import { type Sql, sql } from '../sql';
import type { Inference, InferenceFilter, InferenceOrder } from '../types/inference';
import { beside } from './beside';
import type { Columns } from './columns';
import { rowByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import type { ListParent } from './lists/listing';
import { orderingOf } from './lists/order';
import { NO_REF } from './noRef';

interface InferenceRow {
  chain_id: number;
  inference_id: Buffer;
  pos: bigint;
  model_id: string;
  user_address: Buffer;
  model_version: bigint;
  tokens_in: string;
  tokens_out: string;
  fee_token: Buffer;
  fee: string;
}
const own = sql`i.chain_id, i.inference_id, i.pos, i.model_id, i.user_address, i.model_version, i.tokens_in,
  i.tokens_out, i.fee_token, i.fee`;
const columns: Columns = {
  all: own,
  key: ['chain_id', 'inference_id', 'model_id'],
  byField: {
    __typename: [],
    id: [],
    chainId: [],
    inferenceId: [],
    modelId: [],
    model: [],
    modelVersion: ['model_version'],
    tokensIn: ['tokens_in'],
    tokensOut: ['tokens_out'],
  },
};

function toInference(row: InferenceRow): Inference {
  return {
    id: inferenceId(row.chain_id, row.inference_id),
    chainId: row.chain_id,
    inferenceId: row.inference_id,
    modelId: row.model_id,
    modelVersion: row.model_version,
    tokensIn: row.tokens_in,
    tokensOut: row.tokens_out,
    pos: row.pos,
    userAddress: row.user_address,
    feeToken: row.fee_token,
    feeAmount: row.fee,
  };
}

const inferenceRow = rowByKey<InferenceRow>(
  'inference',
  'bytea',
  sql`
    select p.ordinal, ${own}
    from p
    join inference i on i.chain_id = p.chain_id and i.inference_id = p.key`,
);
/** Of a list whose rows have a ref; zero is none. */
export const inferenceBeside = beside<InferenceRow, Inference>(
  'inference',
  'inference_id',
  columns,
  sql`inference i where i.chain_id = y.chain_id and i.inference_id = nullif(y.ref, ${NO_REF}::bytea)`,
  toInference,
);

/** null for an id that was never settled. */
export async function inference(context: Context, chainId: number, key: Buffer): Promise<Inference | null> {
  const row = await inferenceRow(context, chainId, key);
  return row && toInference(row);
}

/** What a reward's or reversal's `ref` names: nothing for zero, though an inference may have the id zero. */
export async function inferenceOfRef(context: Context, chainId: number, ref: Buffer): Promise<Inference | null> {
  return ref.equals(NO_REF) ? null : inference(context, chainId, ref);
}

/** What later events made of a settled inference. The positions are those of the latest such event. */
export interface InferenceState {
  refunded: string;
  split_pos: bigint | null;
  attribution_pos: bigint | null;
  revision_pos: bigint | null;
  revisions: number;
  /** Of the current influences. */
  leaves: number;
  weight_sum: string;
}

const stateRow = rowByKey<InferenceState>(
  'inference state',
  'bytea',
  sql`
    select p.ordinal, s.refunded, s.split_pos, s.attribution_pos, s.revision_pos, s.revisions, s.leaves, s.weight_sum
    from p
    join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key`,
);

export async function inferenceState(context: Context, { chainId, inferenceId }: Inference): Promise<InferenceState> {
  const row = await stateRow(context, chainId, inferenceId);
  if (!row) throw new Error(`no state of inference 0x${inferenceId.toString('hex')} of chain ${chainId}`);
  return row;
}

/** Whose inferences a list holds: everybody's, a model's or an account's. */
export type InferencesOf =
  | { list: 'inferences' }
  | { list: 'model.inferences'; chainId: number; modelId: string }
  | { list: 'account.inferences'; chainIds: readonly number[] | null; address: Buffer };

export async function inferences(
  context: Context,
  args: PageArgs,
  of: InferencesOf,
  where: InferenceFilter | null | undefined,
  orderBy: InferenceOrder | null | undefined,
): Promise<Connection<Inference>> {
  const within = of.list === 'model.inferences' ? [of.chainId] : of.list === 'inferences' ? null : of.chainIds;
  const filter = await Filter.of(context, where, within);
  const attributed = where?.attributed ?? null;
  const keyed = of.list !== 'inferences' || where?.model || where?.user;
  // By `attributed` alone the state's index leads; both tables hold the place in the chain.
  const pos: Sql = attributed !== null && !keyed ? sql`s.pos` : sql`i.pos`;
  filter.id('where.model', 'model', where?.model, (is) => is(sql`i.model_id`));
  filter.address(sql`i.user_address`, where?.user);
  filter.block(pos, where?.block);
  await filter.time(where?.settledAt);
  // As a subquery: `= false` would be folded into `is null`, which the index on this expression doesn't answer.
  if (attributed !== null) filter.add(sql`(s.attribution_pos is not null) = (select ${attributed}::boolean)`);
  if (of.list === 'model.inferences') filter.add(sql`i.model_id = p.key`);
  if (of.list === 'account.inferences') filter.add(sql`i.user_address = p.key`);
  const ordering = orderingOf(of.list, orderBy, { SETTLED: null, FEE: { ofToken: () => sql`i.fee` } });
  if (ordering.token) {
    // An order by fee lists only the token's rows.
    const { chainId, address } = ordering.token;
    filter.add(sql`(i.chain_id = ${chainId}::integer and i.fee_token = ${address}::bytea)`);
  }
  const state = sql`join inference_state s on s.chain_id = i.chain_id and s.inference_id = i.inference_id`;
  return listConnection<InferenceRow, Inference>(
    context,
    args,
    {
      ...ordering,
      keyType: of.list === 'account.inferences' ? 'bytea' : 'numeric',
      columns: own,
      from: attributed === null ? sql`inference i` : sql`inference i ${state}`,
      where: [
        sql`i.chain_id = p.chain_id`,
        ...(attributed === null ? [] : [sql`s.chain_id = p.chain_id`]),
        ...filter.where,
      ],
      pos,
      given: filter.given,
      range: filter.range,
    },
    parentOf(of, filter.chainIds),
    toInference,
  );
}

function parentOf(of: InferencesOf, chainIds: readonly number[]): ListParent {
  if (of.list === 'model.inferences') return { chainIds, key: of.modelId };
  return { chainIds, key: of.list === 'account.inferences' ? of.address : null };
}
