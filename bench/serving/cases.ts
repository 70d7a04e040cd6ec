import type { Client } from 'pg';
import { BENCH_CHAIN_ID } from '../chain/benchChain';

/** What is asked again and again, with other variables each time. */
export interface Case {
  name: string;
  goal: string;
  query: string;
  /** @param round other ones in each, where an answer is kept until the next block */
  variables(client: Client, round: number): Promise<readonly object[]>;
  /** The first answer of a round is timed by itself: it is worked out, the others are remembered. */
  isRemembered?: boolean;
}

const DAY_MS = 86_400_000;
/** Of a list that is asked about. */
const SOME = 2_000;

/** With at least this many rewards: the page is full. */
async function accounts(client: Client, rewards: number): Promise<string[]> {
  const { rows } = await client.query<{ address: string }>(
    `select '0x' || encode(a.address, 'hex') as address from account a
     where exists (select from reward r where r.beneficiary = a.address offset ${rewards - 1})
     order by sha256(a.address) limit ${SOME}`,
  );
  return rows.map(({ address }) => address);
}

/** The last `days` days before the newest block, or before `round` days earlier. */
async function lately(client: Client, days: number, round: number): Promise<{ from: Date; to: Date }> {
  const { rows } = await client.query<{ newest: string }>('select max(indexed_timestamp)::text as newest from chain');
  const to = Number(rows[0]!.newest) * 1_000 + 1_000 - round * DAY_MS;
  return { from: new Date(to - days * DAY_MS), to: new Date(to) };
}

async function ids(client: Client, statement: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(statement);
  return rows.map(({ id }) => id);
}

export const rewardsOfAccount: Case = {
  name: '30 rewards of an account, newest first',
  goal: "3x Subsquid's requests/s, p99 no higher",
  query: `query ($address: Address!) {
    rewards(first: 30, where: { beneficiary: { eq: $address } }) {
      nodes { id poolId ref role contributionId amount { amount } epoch }
    }
  }`,
  variables: async (client) => (await accounts(client, 30)).map((address) => ({ address })),
};

const rewardsWithAll: Case = {
  name: '50 rewards, each with contribution, datanet, inference, model',
  goal: '1,500/s',
  query: `query ($pool: ID!) {
    rewards(first: 50, where: { pool: { eq: $pool } }) {
      nodes {
        id role amount { amount }
        contribution { id contentHash uri datanet { id dataType metadataURI } }
        inference { id tokensIn tokensOut model { id metadataURI } }
      }
    }
  }`,
  variables: async (client) =>
    (
      await ids(
        client,
        `select 'pool:${BENCH_CHAIN_ID}:0x' || encode(p.pool_id, 'hex') as id from pool p
         where p.kind = 0 and exists (select from reward r
           where r.chain_id = p.chain_id and r.pool_id = p.pool_id and r.contribution_id <> 0 offset 49)`,
      )
    ).map((pool) => ({ pool })),
};

const accountPage: Case = {
  name: 'account page: totals, backing, 20 rewards, 90 days',
  goal: 'p99 under 25 ms',
  query: `query ($address: Address!, $from: DateTime!, $to: DateTime!) {
    account(address: $address) {
      address roles contributionCount acceptedCount modelCount inferenceCount
      rewardTotals {
        accrued { amount token { symbol } } claimed { amount } claimable { amount }
      }
      rewards(first: 20) {
        nodes { id role amount { amount } backing { source amount } accruedAt { timestamp transactionHash } }
        pageInfo { hasNextPage endCursor }
      }
    }
    rewardHistory(scope: { account: $address }, by: SOURCE, bucket: DAY, from: $from, to: $to) {
      points { start source accrued rewardCount }
      total { amount }
    }
  }`,
  async variables(client, round) {
    const window = await lately(client, 90, round);
    return (await accounts(client, 20)).map((address) => ({ address, ...window }));
  },
};

const graph: Case = {
  name: 'attribution graph, depth 3, 200 edges',
  goal: 'p99 under 50 ms',
  query: `query ($root: ID!) {
    attributionGraph(root: $root, depth: 3, limit: 200) {
      nodes { id kind depth label }
      edges { from to kind weightPpm amount { amount } }
      truncated omittedEdges omittedWeightPpm
    }
  }`,
  async variables(client) {
    const roots = [
      `select 'inference:${BENCH_CHAIN_ID}:0x' || encode(inference_id, 'hex') as id from inference
       order by sha256(inference_id) limit ${SOME / 4}`,
      `select 'contribution:${BENCH_CHAIN_ID}:' || contribution_id as id from contribution
       order by sha256(content_hash) limit ${SOME / 4}`,
      `select 'account:0x' || encode(address, 'hex') as id from account order by sha256(address) limit ${SOME / 4}`,
      `select 'model:${BENCH_CHAIN_ID}:' || model_id as id from model order by sha256(metadata_hash) limit ${SOME / 4}`,
      `select 'datanet:${BENCH_CHAIN_ID}:' || datanet_id as id from datanet limit ${SOME / 4}`,
    ];
    const lists: string[][] = [];
    for (const statement of roots) lists.push(await ids(client, statement));
    return Array.from({ length: SOME }, (_, i) => {
      const list = lists[i % lists.length]!;
      return { root: list[Math.floor(i / lists.length) % list.length]! };
    });
  },
};

const flywheel: Case = {
  name: 'flywheel over 30 days',
  goal: 'p99 under 100 ms, first under 2 s',
  query: `query ($from: DateTime!, $to: DateTime!) {
    flywheel(from: $from, to: $to) {
      contributions accepted contributors newContributors models inferences payingUsers newPayingUsers
      fees { amount }
      backing { accrued bySource { source amount } feeShare leakShare }
      externalDemand { share } attributionCoverage dataUtilisation
      timeToFirstPayout { median p90 paid waiting }
      concentration { hhi effectiveContributors topPercentShare }
      stages { stage value previous gain } weakestStage
    }
  }`,
  variables: async (client, round) => [await lately(client, 30, round)],
  isRemembered: true,
};

const leaderboard: Case = {
  name: 'leaderboard over 30 days',
  goal: 'p99 under 100 ms, first under 2 s',
  query: `query ($from: DateTime!, $to: DateTime!, $token: ID!) {
    leaderboard(metric: CONTRIBUTORS_BY_REWARDS, from: $from, to: $to, token: $token, first: 50) {
      entries { rank rankChange value subject { id } }
    }
  }`,
  variables: async (client, round) => [
    { ...(await lately(client, 30, round)), token: `token:${BENCH_CHAIN_ID}:native` },
  ],
  isRemembered: true,
};

/** All but the one that peers answer too. */
export const ownCases: readonly Case[] = [rewardsWithAll, accountPage, graph, flywheel, leaderboard];
