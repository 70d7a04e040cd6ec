import { type Chain, push } from './chain';
import { METHODS, nameOfCode } from './codes';
import { inputsOf } from './contributions';
import { highest } from './datanets';
import { documentOf, type Fetch } from './documents';
import type { Fact } from './fact';
import { accountId, connections, float, idOf, type JsonObject, type Row, ratio } from './json';
import { Purse, tokenId } from './money';

export function inferencesOfModel(chain: Chain, modelId: bigint): Fact[] {
  const byModel = chain.memo('inferences by model', () => {
    const index = new Map<string, Fact[]>();
    for (const settled of chain.inferences.values()) push(index, String(settled.big('modelId')), settled);
    return index;
  });
  return byModel.get(String(modelId)) ?? [];
}

export interface Receipt {
  modelVersion: bigint;
  tokensIn: bigint;
  tokensOut: bigint;
  feeToken: string;
  fee: bigint;
  adapterIds: bigint[];
}

export function receiptOf(settled: Fact): Receipt {
  return settled.args['receipt'] as unknown as Receipt;
}

export function refundedOn(chain: Chain, inferenceId: string): bigint {
  return chain
    .where('InferenceRefunded', 'inferenceId', inferenceId)
    .reduce((sum, fact) => sum + fact.big('amount'), 0n);
}

/** Fees of some inferences less their refunds, per token. */
export function feesLessRefunds(chain: Chain, inferences: Fact[]): Purse {
  const fees = new Purse();
  for (const settled of inferences) {
    const { feeToken, fee } = receiptOf(settled);
    fees.add(tokenId(chain.chainId, feeToken), fee - refundedOn(chain, settled.text('inferenceId')));
  }
  return fees;
}

export function modelRows(chain: Chain, fetch: Fetch): Row[] {
  return [...chain.models.values()].map((registered) => modelRow(chain, registered, fetch));
}

function modelRow(chain: Chain, registered: Fact, fetch: Fetch): Row {
  const modelId = registered.big('modelId');
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  const parentId = registered.big('parentModelId');
  const builder = registered.text('builder');
  const metadataURI = registered.text('metadataURI');
  const metadataHash = registered.text('metadataHash');
  const inferences = inferencesOfModel(chain, modelId);
  const userCount = new Set(inferences.map((settled) => settled.text('user'))).size;
  const fees = feesLessRefunds(chain, inferences);
  const paid = inferences.filter((settled) => receiptOf(settled).fee > 0n);
  const attributed = paid.filter(
    (settled) => chain.where('AttributionCommitted', 'inferenceId', settled.text('inferenceId')).length > 0,
  );
  const ratings = chain.where('FeedbackRecorded', 'modelId', modelId).map((fact) => Number(fact.big('rating')));
  const prices = chain.where('PriceSet', 'modelId', modelId);
  const price = prices.at(-1);
  const runs = [...chain.runs.values()].filter((run) => run.big('modelId') === modelId);
  const versions = chain.versions('ModelVersionPublished', modelId);
  const inputs = [...new Set(runs.flatMap((run) => inputsOf(run).map((input) => String(input.datanetId))))];
  const children = parentless(modelId)
    ? []
    : [...chain.models.values()].filter((model) => model.big('parentModelId') === modelId);
  return {
    node: {
      id: id('model', modelId),
      chainId: chain.chainId,
      modelId: String(modelId),
      builder: { id: accountId(builder) },
      parent: !parentless(parentId) && chain.models.has(String(parentId)) ? { id: id('model', parentId) } : null,
      ...documentOf(metadataURI, metadataHash, fetch),
      metadataURI,
      metadataHash,
      latestVersion: highest(versions),
      inferenceCount: inferences.length,
      userCount,
      fees: fees.json(),
      attributionCoverage: paid.length === 0 ? null : ratio(BigInt(attributed.length), BigInt(paid.length)),
      averageRating:
        ratings.length === 0 ? null : float(ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length),
      price: price ? priceNode(price) : null,
      createdAt: registered.provenance(),
      ...connections({
        prices: prices.map((fact) => ({ place: fact.place(), node: priceNode(fact) })),
        trainingRuns: runs.map((fact) => ({ place: fact.place(), node: runNode(chain, fact) })),
        versions: versions.map((fact) => ({ place: fact.place(), node: modelVersionNode(chain, fact) })),
        adapters: [...chain.adapters.values()]
          .filter((adapter) => adapter.big('modelId') === modelId)
          .map((fact) => ({ place: fact.place(), node: { id: id('adapter', fact.big('adapterId')) } })),
        datanets: inputs
          .flatMap((key) => chain.datanets.get(key) ?? [])
          .map((fact) => ({ place: fact.place(), node: { id: id('datanet', fact.big('datanetId')) } })),
        inferences: inferences.map((fact) => ({
          place: fact.place(),
          node: { id: id('inference', fact.text('inferenceId')) },
        })),
        children: children.map((fact) => ({ place: fact.place(), node: { id: id('model', fact.big('modelId')) } })),
      }),
    },
    place: registered.place(),
    keys: {
      chainId: [String(chain.chainId)],
      builder: [builder],
      datanet: inputs.map((key) => id('datanet', key)),
      parent: parentless(parentId) ? [] : [id('model', parentId)],
    },
    ranges: {},
    orders: { INFERENCES: inferences.length, USERS: userCount },
    money: { FEES: fees.amounts },
  };
}

/** parentModelId 0 means none, though a model may have the id 0. */
function parentless(parentModelId: bigint): boolean {
  return parentModelId === 0n;
}

export function priceNode(fact: Fact): JsonObject {
  return {
    token: { id: tokenId(fact.chainId, fact.text('token')) },
    per1kIn: String(fact.big('per1kIn')),
    per1kOut: String(fact.big('per1kOut')),
    platformFee: String(fact.big('platformFee')),
    since: fact.provenance(),
  };
}

export function modelVersionNode(chain: Chain, fact: Fact): JsonObject {
  const run = chain.runs.get(fact.text('runId'));
  return {
    version: String(fact.big('version')),
    weightsHash: fact.text('weightsHash'),
    attributionMethod: nameOfCode(METHODS, fact.big('attributionMethod')),
    trainingRun: run ? runNode(chain, run) : null,
    publishedAt: fact.provenance(),
  };
}

export function runNode(chain: Chain, run: Fact): JsonObject {
  return {
    runId: run.text('runId'),
    runner: { id: accountId(run.text('runner')) },
    configHash: run.text('configHash'),
    evalHash: run.text('evalHash'),
    inputs: inputsOf(run).map(({ datanetId, datanetVersion, weightPpm }) => ({
      datanetId: String(datanetId),
      datanet: chain.datanets.has(String(datanetId)) ? { id: idOf('datanet', chain.chainId, datanetId) } : null,
      datanetVersion: String(datanetVersion),
      weight: float(Number(weightPpm) / 1e6),
      weightPpm: String(weightPpm),
    })),
    at: run.provenance(),
  };
}

export function adapterRows(chain: Chain): Row[] {
  return [...chain.adapters.values()].map((fact) => {
    const adapterId = fact.big('adapterId');
    const modelId = fact.big('modelId');
    const run = chain.runs.get(fact.text('runId'));
    return {
      node: {
        id: idOf('adapter', chain.chainId, adapterId),
        chainId: chain.chainId,
        adapterId: String(adapterId),
        model: chain.models.has(String(modelId)) ? { id: idOf('model', chain.chainId, modelId) } : null,
        builder: { id: accountId(fact.text('builder')) },
        baseVersion: String(fact.big('baseVersion')),
        trainingRun: run ? runNode(chain, run) : null,
        adapterHash: fact.text('adapterHash'),
        inferenceCount: [...chain.inferences.values()].filter((settled) =>
          receiptOf(settled).adapterIds.includes(adapterId),
        ).length,
        createdAt: fact.provenance(),
      },
      place: fact.place(),
      keys: { chainId: [String(chain.chainId)] },
      ranges: {},
      orders: {},
      money: {},
    };
  });
}
