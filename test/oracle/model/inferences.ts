import { type Chain, ZERO_HASH } from './chain';
import { METHODS, nameOfCode } from './codes';
import type { Fact } from './fact';
import { accountId, connections, float, idOf, type JsonObject, type Row } from './json';
import { modelVersionNode, priceNode, type Receipt, receiptOf, refundedOn } from './models';
import { tokenId } from './money';

export function inferenceRows(chain: Chain): Row[] {
  return [...chain.inferences.values()].map((settled) => inferenceRow(chain, settled));
}

function inferenceRow(chain: Chain, settled: Fact): Row {
  const inferenceId = settled.text('inferenceId');
  const modelId = settled.big('modelId');
  const user = settled.text('user');
  const receipt = receiptOf(settled);
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  const token = tokenId(chain.chainId, receipt.feeToken);
  const refunded = refundedOn(chain, inferenceId);
  const split = chain.where('FeeSplit', 'inferenceId', inferenceId).at(-1) ?? null;
  const committed = chain.where('AttributionCommitted', 'inferenceId', inferenceId).at(-1) ?? null;
  const adapters = [...new Set(receipt.adapterIds)].filter((adapterId) => chain.adapters.has(String(adapterId)));
  return {
    node: {
      id: id('inference', inferenceId),
      chainId: chain.chainId,
      inferenceId,
      modelId: String(modelId),
      model: chain.models.has(String(modelId)) ? { id: id('model', modelId) } : null,
      user: { id: accountId(user) },
      modelVersion: String(receipt.modelVersion),
      adapters: adapters.map((adapterId) => ({ id: id('adapter', adapterId) })),
      tokensIn: String(receipt.tokensIn),
      tokensOut: String(receipt.tokensOut),
      fee: { token: { id: token }, amount: String(receipt.fee) },
      refunded: String(refunded),
      split: split && splitNode(split),
      residual: split && String(receipt.fee - refunded - legsOf(split).reduce((sum, leg) => sum + leg, 0n)),
      attribution: committed && attributionNode(chain, inferenceId, committed),
      ...connections({
        influences: chain.currentInfluences('inferenceId', inferenceId).map((fact) => ({
          place: fact.place(),
          node: { id: fact.id('influence') },
        })),
        // A zero ref is none, so an inference with the id zero is nobody's ref.
        rewards: (inferenceId === ZERO_HASH ? [] : chain.where('RewardAccrued', 'ref', inferenceId)).map((fact) => ({
          place: fact.place(),
          node: { id: fact.id('reward') },
        })),
        feedback: chain.where('FeedbackRecorded', 'inferenceId', inferenceId).map((fact) => ({
          place: fact.place(),
          node: {
            rater: { id: accountId(fact.text('rater')) },
            rating: Number(fact.big('rating')),
            feedbackHash: fact.text('feedbackHash'),
            at: fact.provenance(),
          },
        })),
      }),
      parameters: parametersInForce(chain, settled, receipt),
      settledAt: settled.provenance(),
    },
    place: settled.place(),
    keys: {
      chainId: [String(chain.chainId)],
      model: [id('model', modelId)],
      user: [user],
      attributed: [String(committed !== null)],
    },
    ranges: { block: BigInt(settled.block.number), settledAt: BigInt(settled.block.timestamp) * 1000n },
    orders: {},
    money: { FEE: new Map([[token, receipt.fee]]) },
  };
}

const LEGS = ['platform', 'model', 'stakers', 'contributors'];

function legsOf(split: Fact): bigint[] {
  return LEGS.map((leg) => split.big(leg));
}

function splitNode(split: Fact): JsonObject {
  return { ...Object.fromEntries(LEGS.map((leg) => [leg, String(split.big(leg))])), at: split.provenance() };
}

function attributionNode(chain: Chain, inferenceId: string, committed: Fact): JsonObject {
  const revisions = chain.where('AttributionRevised', 'inferenceId', inferenceId);
  const revised = revisions.at(-1);
  const leaves = chain.currentInfluences('inferenceId', inferenceId);
  const weight = leaves.reduce((sum, leaf) => sum + leaf.big('weightPpm'), 0n);
  return {
    method: nameOfCode(METHODS, committed.big('method')),
    epoch: String(committed.big('epoch')),
    leavesRoot: revised && revised.seq > committed.seq ? revised.text('newRoot') : committed.text('leavesRoot'),
    leafCount: String(committed.big('leafCount')),
    complete: BigInt(leaves.length) === committed.big('leafCount') && weight === 1_000_000n,
    revisions: revisions.length,
    committedAt: committed.provenance(),
  };
}

/** What held before the inference, in chain order: also within its block. */
function parametersInForce(chain: Chain, settled: Fact, { feeToken, modelVersion }: Receipt): JsonObject {
  const before = (fact: Fact) => fact.seq < settled.seq;
  const modelId = settled.big('modelId');
  const params = chain
    .of('FeeParamsSet')
    .filter((fact) => before(fact) && fact.big('effectiveAt') <= BigInt(settled.block.timestamp))
    .at(-1);
  // A model never registered has neither prices nor versions: what names it stays in the feed.
  const price = chain.models.has(String(modelId))
    ? chain
        .where('PriceSet', 'modelId', modelId)
        .filter((fact) => before(fact) && fact.text('token') === feeToken)
        .at(-1)
    : undefined;
  // The receipt's version; one published after the inference was not in force at its block.
  const version = chain
    .versions('ModelVersionPublished', modelId)
    .find((fact) => fact.big('version') === modelVersion && before(fact));
  const bps = (name: string) => (params ? Number(params.big(name)) : null);
  return {
    platformBps: bps('platformBps'),
    modelBps: bps('modelBps'),
    stakersBps: bps('stakersBps'),
    contributorsBps: bps('contributorsBps'),
    since: params?.provenance() ?? null,
    price: price ? priceNode(price) : null,
    modelVersion: version ? modelVersionNode(chain, version) : null,
  };
}

/** Every InfluenceRecorded of a settled inference, superseded ones with `current: false`. */
export function influenceRows(chain: Chain): Row[] {
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  return chain.influences.map((fact) => {
    const inference = id('inference', fact.text('inferenceId'));
    const contributionId = fact.big('contributionId');
    const datanetId = fact.big('datanetId');
    const current = chain.isCurrent(fact);
    const weightPpm = fact.big('weightPpm');
    return {
      node: {
        id: fact.id('influence'),
        chainId: chain.chainId,
        inferenceId: fact.text('inferenceId'),
        contributionId: String(contributionId),
        datanetId: String(datanetId),
        current,
        inference: { id: inference },
        contribution: chain.contributions.has(String(contributionId))
          ? { id: id('contribution', contributionId) }
          : null,
        datanet: chain.datanets.has(String(datanetId)) ? { id: id('datanet', datanetId) } : null,
        contributor: { id: accountId(fact.text('contributor')) },
        influence: String(fact.big('influence')),
        weight: float(Number(weightPpm) / 1e6),
        weightPpm: String(weightPpm),
        at: fact.provenance(),
      },
      place: fact.place(),
      // Not in the contract, whose lists of influences hang on their entity: where: {inference | contribution, current}.
      keys: {
        chainId: [String(chain.chainId)],
        inference: [inference],
        contribution: [id('contribution', contributionId)],
        current: [String(current)],
      },
      ranges: {},
      orders: { WEIGHT: weightPpm },
      money: {},
    };
  });
}
