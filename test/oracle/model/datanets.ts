import { type Chain, push, type Submission } from './chain';
import { DATA_TYPES, DATANET_STATUSES, nameOfCode } from './codes';
import { decisionOn, inputsOf } from './contributions';
import { documentOf, type Fetch } from './documents';
import type { Fact } from './fact';
import { accountId, connections, idOf, type JsonObject, type Row, ratio } from './json';
import { Purse } from './money';
import { backings, rewardsOfDatanet } from './rewards';

/** The latest of DatanetCreated and what changed it afterwards: what came before the creation loses to it. */
function latest(chain: Chain, created: Fact, event: string): Fact {
  return (
    chain
      .where(event, 'datanetId', created.big('datanetId'))
      .filter((fact) => fact.seq > created.seq)
      .at(-1) ?? created
  );
}

export function ownerOf(chain: Chain, created: Fact): string {
  const fact = latest(chain, created, 'DatanetOwnershipTransferred');
  return fact === created ? created.text('owner') : fact.text('to');
}

/** Each curator's latest CuratorSet. */
export function curatorsOf(chain: Chain, datanetId: bigint): Fact[] {
  const latest = new Map<string, Fact>();
  for (const fact of chain.where('CuratorSet', 'datanetId', datanetId)) latest.set(fact.text('curator'), fact);
  return [...latest.values()];
}

function contributionsIn(chain: Chain, datanetId: bigint): Submission[] {
  const byDatanet = chain.memo('contributions by datanet', () => {
    const index = new Map<string, Submission[]>();
    for (const submission of chain.contributions.values()) push(index, String(submission.datanetId), submission);
    return index;
  });
  return byDatanet.get(String(datanetId)) ?? [];
}

/** Registered models with a training run that has an input of the datanet. */
function modelsTrainedOn(chain: Chain, datanetId: bigint): Fact[] {
  const ids = new Set<string>();
  for (const run of chain.runs.values())
    if (inputsOf(run).some((input) => input.datanetId === datanetId)) ids.add(String(run.big('modelId')));
  return [...ids].map((id) => chain.models.get(id)!);
}

export function datanetRows(chain: Chain, fetch: Fetch): Row[] {
  return [...chain.datanets.values()].map((created) => datanetRow(chain, created, fetch));
}

function datanetRow(chain: Chain, created: Fact, fetch: Fetch): Row {
  const datanetId = created.big('datanetId');
  const id = idOf('datanet', chain.chainId, datanetId);
  const updated = latest(chain, created, 'DatanetUpdated');
  const owner = ownerOf(chain, created);
  const status = updated === created ? 'ACTIVE' : nameOfCode(DATANET_STATUSES, updated.big('status'));
  const dataType = nameOfCode(DATA_TYPES, created.big('dataType'));
  const metadataURI = updated.text('metadataURI');
  const metadataHash = updated.text('metadataHash');
  const versions = chain.versions('DatanetVersionPublished', datanetId);
  const contributions = contributionsIn(chain, datanetId);
  const count = (status: string) => contributions.filter(({ id }) => decisionOn(chain, id).status === status).length;
  const accepted = count('ACCEPTED');
  const rejected = count('REJECTED');
  const acceptanceRate = accepted + rejected === 0 ? null : ratio(BigInt(accepted), BigInt(accepted + rejected));
  const models = modelsTrainedOn(chain, datanetId);
  const inferenceCount = new Set(chain.weighty('datanetId', datanetId).map((edge) => edge.text('inferenceId'))).size;
  const rewards = rewardsOfDatanet(chain, datanetId);
  const earned = new Purse();
  for (const { token, amount } of rewards) earned.add(token, amount);
  return {
    node: {
      id,
      chainId: chain.chainId,
      datanetId: String(datanetId),
      owner: { id: accountId(owner) },
      dataType,
      status,
      ...documentOf(metadataURI, metadataHash, fetch),
      metadataURI,
      metadataHash,
      latestVersion: highest(versions),
      contributionCount: contributions.length,
      pendingCount: count('PENDING'),
      acceptedCount: accepted,
      rejectedCount: rejected,
      slashedCount: count('SLASHED'),
      contributorCount: new Set(contributions.map(({ contributor }) => contributor)).size,
      acceptanceRate,
      modelCount: models.length,
      inferenceCount,
      earned: earned.json(),
      backing: backings(rewards),
      createdAt: created.provenance(),
      ...connections({
        // A curator stands where its latest CuratorSet does: that is its `since`.
        curators: curatorsOf(chain, datanetId).map((fact) => ({ place: fact.place(), node: curatorNode(fact) })),
        versions: versions.map((fact) => ({ place: fact.place(), node: versionNode(fact) })),
        contributions: contributions.map((submission) => ({
          place: submission.fact.place(submission.item),
          node: { id: idOf('contribution', chain.chainId, submission.id) },
        })),
        models: models.map((model) => ({
          place: model.place(),
          node: { id: idOf('model', chain.chainId, model.big('modelId')) },
        })),
      }),
    },
    place: created.place(),
    keys: { chainId: [String(chain.chainId)], owner: [owner], dataType: [dataType], status: [status] },
    ranges: { createdAt: BigInt(created.block.timestamp) * 1000n },
    orders: { CONTRIBUTIONS: contributions.length, INFERENCES: inferenceCount, ACCEPTANCE_RATE: acceptanceRate },
    money: { EARNED: earned.amounts },
  };
}

/** The highest published version, as text. */
export function highest(versions: Fact[]): string | null {
  const numbers = versions.map((fact) => fact.big('version')).sort((a, b) => (a < b ? -1 : 1));
  return numbers.length === 0 ? null : String(numbers.at(-1));
}

function curatorNode(fact: Fact): JsonObject {
  return {
    account: { id: accountId(fact.text('curator')) },
    active: fact.flag('active'),
    weight: String(fact.big('weight')),
    since: fact.provenance(),
  };
}

function versionNode(fact: Fact): JsonObject {
  return {
    version: String(fact.big('version')),
    contentRoot: fact.text('contentRoot'),
    itemCount: String(fact.big('itemCount')),
    manifestHash: fact.text('manifestHash'),
    publishedAt: fact.provenance(),
  };
}
