import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { sql } from '../sql';
import type { Model, TrainingInput, TrainingRun } from '../types/model';
import { rowByKey, rowsByKey } from './keyed';
import { listConnection } from './lists/listConnection';

interface RunRow {
  chain_id: number;
  run_id: Buffer;
  pos: bigint;
  runner: Buffer;
  config_hash: Buffer;
  eval_hash: Buffer;
}
const columns = sql`r.chain_id, r.run_id, r.pos, r.runner, r.config_hash, r.eval_hash`;
const NO_RUN = Buffer.alloc(32);

function toRun(row: RunRow): TrainingRun {
  return {
    chainId: row.chain_id,
    runId: row.run_id,
    pos: row.pos,
    runnerAddress: row.runner,
    configHash: row.config_hash,
    evalHash: row.eval_hash,
  };
}

const runRow = rowByKey<RunRow>(
  'training run',
  'bytea',
  sql`
    select p.ordinal, ${columns}
    from p
    join training_run r on r.chain_id = p.chain_id and r.run_id = p.key
    join model m on m.chain_id = r.chain_id and m.model_id = r.model_id`,
);

/** null for runId zero, which means none, and for runs of models never registered, which are in the feed alone. */
export async function trainingRun(context: Context, chainId: number, runId: Buffer): Promise<TrainingRun | null> {
  if (runId.equals(NO_RUN)) return null;
  const row = await runRow(context, chainId, runId);
  return row && toRun(row);
}

export function trainingRunsOf(
  context: Context,
  args: PageArgs,
  { chainId, modelId }: Model,
): Promise<Connection<TrainingRun>> {
  return listConnection<RunRow, TrainingRun>(
    context,
    args,
    {
      name: 'model.trainingRuns',
      keyType: 'numeric',
      columns,
      from: sql`training_run r`,
      where: [sql`r.chain_id = p.chain_id`, sql`r.model_id = p.key`],
      pos: sql`r.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: modelId },
    toRun,
  );
}

interface InputRow {
  datanet_id: string;
  datanet_version: string;
  weight_ppm: bigint;
}

const inputRows = rowsByKey<InputRow>(
  'training inputs',
  'bigint',
  sql`
    select p.ordinal, i.datanet_id, i.datanet_version, i.weight_ppm
    from p
    join training_input i on i.chain_id = p.chain_id and i.pos = p.key
    order by p.ordinal, i.item`,
);

export async function inputsOf(context: Context, { chainId, pos }: TrainingRun): Promise<TrainingInput[]> {
  return (await inputRows(context, chainId, pos)).map((row) => ({
    chainId,
    datanetId: row.datanet_id,
    datanetVersion: row.datanet_version,
    weight: Number(row.weight_ppm) / 1e6,
    weightPpm: row.weight_ppm,
  }));
}
