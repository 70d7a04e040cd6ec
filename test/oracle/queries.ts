import type { Entity } from './model';
import { float, type Json, type JsonObject } from './model/json';

const AT = '{ block { chainId number hash timestamp } transactionHash logIndex contract event eventId timestamp }';
const AMOUNTS = '{ token { id } amount }';
const PRICE = `{ token { id } per1kIn per1kOut platformFee since ${AT} }`;
const RUN = `{ runId runner { id } configHash evalHash inputs { datanetId datanet { id } datanetVersion weight weightPpm } at ${AT} }`;
const MODEL_VERSION = `{ version weightsHash attributionMethod trainingRun ${RUN} publishedAt ${AT} }`;
const page = (name: string, node = '{ id }') => `${name}(first: 100) { totalCount nodes ${node} }`;

/** For an API that the queries here are asked of: they ask for everything at once, which a stranger may not. */
export const ORACLE_BOUNDS = { cost: 1_000_000 };

/** Every field of the contract, per entity; entities inside entities by id. Token data and finality come from elsewhere. */
const FIELDS: Record<Entity, string> = {
  datanets: `id chainId datanetId owner { id } dataType status name description metadataURI metadataHash latestVersion
    contributionCount pendingCount acceptedCount rejectedCount slashedCount contributorCount acceptanceRate modelCount
    inferenceCount earned ${AMOUNTS} backing { token { id } accrued bySource { source amount } feeShare leakShare }
    createdAt ${AT} ${page('curators', `{ account { id } active weight since ${AT} }`)}
    ${page('versions', `{ version contentRoot itemCount manifestHash publishedAt ${AT} }`)}
    ${page('contributions')} ${page('models')}`,
  contributions: `id chainId contributionId datanetId datanet { id } contributor { id } contentHash sizeBytes licenseId uri
    bond status score scorePpm decisionReason datanetVersion
    ${page('scores', `{ curator { id } round score scorePpm evidenceHash at ${AT} }`)} ${page('disputes')}
    ${page('links', `{ otherId other { id } relation at ${AT} }`)} influenceCount earned ${AMOUNTS}
    ${page('influences')} stage submittedAt ${AT} finalizedAt ${AT} inVersionAt ${AT} trainedAt ${AT}
    firstInfluenceAt ${AT} firstRewardAt ${AT}`,
  models: `id chainId modelId builder { id } parent { id } name description metadataURI metadataHash latestVersion
    inferenceCount userCount fees ${AMOUNTS} attributionCoverage averageRating price ${PRICE} ${page('prices', PRICE)}
    ${page('trainingRuns', RUN)} createdAt ${AT} ${page('versions', MODEL_VERSION)} ${page('adapters')}
    ${page('datanets')} ${page('inferences')} ${page('children')}`,
  adapters: `id chainId adapterId model { id } builder { id } baseVersion trainingRun ${RUN} adapterHash inferenceCount
    createdAt ${AT}`,
  inferences: `id chainId inferenceId modelId model { id } user { id } modelVersion adapters { id } tokensIn tokensOut
    fee ${AMOUNTS} refunded split { platform model stakers contributors at ${AT} } residual
    attribution { method epoch leavesRoot leafCount complete revisions committedAt ${AT} }
    ${page('influences')} ${page('rewards')} ${page('feedback', `{ rater { id } rating feedbackHash at ${AT} }`)}
    parameters { platformBps modelBps stakersBps contributorsBps since ${AT} price ${PRICE} modelVersion ${MODEL_VERSION} }
    settledAt ${AT}`,
  pools: `id chainId poolId kind subjectId subject { id } token { id } funded fundedBySource { source amount } accrued
    claimed reversed balance createdAt ${AT}`,
  rewards: `id chainId poolId ref contributionId pool { id } beneficiary { id } role amount ${AMOUNTS}
    backing { source amount } epoch inference { id } contribution { id } accruedAt ${AT}`,
  claims: `id chainId poolId pool { id } beneficiary { id } to { id } amount ${AMOUNTS} claimedAt ${AT}`,
  reversals: `id chainId poolId pool { id } beneficiary { id } ref inference { id } reason amount ${AMOUNTS}
    reversedAt ${AT}`,
  accounts: `id address roles contributionCount acceptedCount modelCount inferenceCount feesPaid ${AMOUNTS}
    rewardTotals { accrued ${AMOUNTS} claimed ${AMOUNTS} reversed ${AMOUNTS} claimable ${AMOUNTS} }
    creditsPurchased creditsConsumed ${page('reputation', `{ chainId datanetId datanet { id } score updatedAt ${AT} }`)}
    bonds { chainId role balance slashed } firstSeen ${AT} lastSeen ${AT} ${page('contributions')} ${page('models')}
    ${page('inferences')} ${page('rewards')} ${page('claims')}`,
  events: `id name contract args { name type value } at ${AT} subjects`,
  disputes: `id chainId disputeId contributionId contribution { id } challenger { id } bond resolved upheld slashed
    beneficiary { id } openedAt ${AT} resolvedAt ${AT}`,
  influences: `id chainId inferenceId contributionId datanetId current inference { id } contribution { id } datanet { id }
    contributor { id } influence weight weightPpm at ${AT}`,
  tokens: 'id chainId address native',
};

const TYPES: Record<Entity, string> = {
  datanets: 'Datanet',
  contributions: 'Contribution',
  models: 'Model',
  adapters: 'Adapter',
  inferences: 'Inference',
  pools: 'Pool',
  rewards: 'Reward',
  claims: 'Claim',
  reversals: 'Reversal',
  accounts: 'Account',
  events: 'ChainEvent',
  disputes: 'Dispute',
  influences: 'Influence',
  tokens: 'Token',
};

/** The type of a root list's `where` and, where it has one, of its `orderBy`. */
const LISTS: Partial<Record<Entity, [where: string, orderBy?: string]>> = {
  datanets: ['DatanetFilter', 'DatanetOrder'],
  contributions: ['ContributionFilter', 'ContributionOrder'],
  models: ['ModelFilter', 'ModelOrder'],
  inferences: ['InferenceFilter', 'InferenceOrder'],
  rewards: ['RewardFilter', 'RewardOrder'],
  claims: ['ClaimFilter'],
  reversals: ['ReversalFilter'],
  pools: ['PoolFilter'],
  accounts: ['AccountFilter', 'AccountOrder'],
  events: ['EventFilter'],
};

/** Entities that have a root list; the others are reached by `nodeQuery`. */
export const LISTED = Object.keys(LISTS) as Entity[];

/**
 * A page of a root list with every field: variables first, after, where, orderBy and, where it is asked for, asOf. The
 * alias of the list is `page`.
 */
export function listQuery(entity: Entity, fields = FIELDS[entity], asOf = false): string {
  const [where, orderBy] = LISTS[entity] ?? [];
  if (!where) throw new Error(`the contract has no list of ${entity}`);
  const given = { first: 'Int', after: 'Cursor', where, orderBy, asOf: asOf ? 'BlockRef' : undefined };
  const names = Object.entries(given).filter(([, type]) => type !== undefined);
  const variables = names.map(([name, type]) => `$${name}: ${type}`).join(', ');
  const args = names.map(([name]) => `${name}: $${name}`).join(', ');
  return `query ${TYPES[entity]}Page(${variables}) {
    page: ${entity}(${args}) { totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor } }
  }`;
}

/** One entity or fact by its id, with every field: variables id and asOf. */
export function nodeQuery(entity: Entity): string {
  return `query ${TYPES[entity]}Node($id: ID!, $asOf: BlockRef) {
    node(id: $id, asOf: $asOf) { ... on ${TYPES[entity]} { ${FIELDS[entity]} } }
  }`;
}

/** At most 100 of one kind by their ids, in their order: variable ids. */
export function nodesQuery(entity: Entity): string {
  return `query ${TYPES[entity]}Nodes($ids: [ID!]!) { nodes(ids: $ids) { ... on ${TYPES[entity]} { ${FIELDS[entity]} } } }`;
}

/** Runs a document and gives its data; throws on errors. */
export type Run = (document: string, variables: JsonObject) => Promise<JsonObject>;

/** A whole root list, page by page, flattened: what `oracle.list(entity, query)` has to be. */
export async function everything(
  run: Run,
  entity: Entity,
  query: { where?: JsonObject; orderBy?: JsonObject; asOf?: JsonObject } = {},
  first = 50,
  fields?: string,
): Promise<JsonObject[]> {
  const nodes: JsonObject[] = [];
  for (let after: Json = null; ; ) {
    const answer = await run(listQuery(entity, fields, 'asOf' in query), { first, after, ...query });
    const { pageInfo, nodes: more, totalCount } = answer['page'] as JsonObject;
    const { hasNextPage, endCursor } = pageInfo as JsonObject;
    nodes.push(...(more as JsonObject[]).map((node) => flatten(node) as JsonObject));
    if (hasNextPage) {
      after = endCursor as Json;
      continue;
    }
    if (totalCount !== nodes.length) throw new Error(`${entity}: ${nodes.length} of totalCount ${totalCount}`);
    return nodes;
  }
}

const TIMES = ['timestamp'];
const SETS = ['subjects'];

/**
 * An answer in the oracle's shape: a connection { totalCount nodes } becomes the array of its nodes and a number in
 * the object's `totals`; times get one spelling and numbers 12 digits; lists whose order says nothing are sorted.
 */
export function flatten(value: Json, key = ''): Json {
  if (typeof value === 'number') return float(value);
  if (typeof value === 'string') return TIMES.includes(key) ? new Date(value).toISOString() : value;
  if (Array.isArray(value))
    return sorted(
      value.map((item) => flatten(item)),
      key,
    );
  if (typeof value !== 'object' || value === null) return value;
  const flat: JsonObject = {};
  const totals: JsonObject = {};
  for (const [name, part] of Object.entries(value)) {
    if (isConnection(part)) {
      flat[name] = flatten(part['nodes'] as Json, name);
      totals[name] = part['totalCount'] as Json;
    } else flat[name] = flatten(part, name);
  }
  return Object.keys(totals).length > 0 ? { ...flat, totals } : flat;
}

function isConnection(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'totalCount' in value;
}

function sorted(items: Json[], key: string): Json[] {
  if (SETS.includes(key)) return items.sort();
  const byToken = items.every((item) => tokenOf(item) !== null);
  return byToken ? items.sort((a, b) => (tokenOf(a)! < tokenOf(b)! ? -1 : 1)) : items;
}

/** The token id of a TokenAmount or a Backing: a list of these has each token once. A pool has a token too and is neither. */
function tokenOf(item: Json): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const isSum = 'bySource' in item || ('amount' in item && Object.keys(item).length === 2);
  const token = isSum ? (item['token'] as JsonObject | undefined) : undefined;
  return token ? String(token['id']) : null;
}
