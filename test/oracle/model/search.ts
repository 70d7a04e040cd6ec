import type { Entity, Oracle } from '../model';
import type { JsonObject } from './json';

/** A block as the oracle names it. */
export interface FoundBlock {
  chainId: number;
  number: number;
  hash: string;
}

const ENTITY: Readonly<Record<string, Entity>> = {
  datanet: 'datanets',
  contribution: 'contributions',
  model: 'models',
  adapter: 'adapters',
  inference: 'inferences',
  account: 'accounts',
  pool: 'pools',
  reward: 'rewards',
};

/**
 * What the contract's `search` finds, but for names that are only like the text: ids, and `block <chainId> <number>`. What
 * the events of a transaction name has no order, and comes sorted.
 */
export function searched(oracle: Oracle, blocks: readonly FoundBlock[], chainIds: readonly number[], given: string) {
  const text = given.trim();
  if (text === '') return [];
  const lower = text.toLowerCase();
  const isHash = /^0x[0-9a-f]{64}$/.test(lower);
  const isNumber = /^\d{1,78}$/.test(text);
  const onChains = (type: string, key: string) => chainIds.map((chainId) => `${type}:${chainId}:${key}`);
  const blocksWith = (matches: (block: FoundBlock) => boolean) =>
    blocks.filter(matches).map(({ chainId, number }) => `block ${chainId} ${number}`);
  const candidates = [
    lower,
    ...(/^0x[0-9a-f]{40}$/.test(lower) ? [`account:${lower}`] : []),
    ...(isHash ? ofTransaction(oracle, lower) : []),
    ...(isHash ? ofContent(oracle, chainIds, lower) : []),
    ...(isHash ? [...onChains('inference', lower), ...onChains('pool', lower)] : []),
    ...(isHash ? blocksWith(({ hash }) => hash === lower) : []),
    ...(isNumber ? blocksWith(({ number }) => BigInt(number) === BigInt(text)) : []),
    ...(isNumber ? ['datanet', 'model', 'contribution'].flatMap((type) => onChains(type, String(BigInt(text)))) : []),
    ...named(oracle, chainIds, lower),
  ];
  return [...new Set(candidates)].filter((id) => id.startsWith('block ') || exists(oracle, id));
}

function exists(oracle: Oracle, id: string): boolean {
  const entity = ENTITY[id.slice(0, id.indexOf(':'))];
  return entity !== undefined && oracle.find(entity, id) !== null;
}

function ofTransaction(oracle: Oracle, hash: string): string[] {
  const events = oracle.events().filter(({ at }) => (at as JsonObject)['transactionHash'] === hash);
  return events.flatMap(({ subjects }) => subjects as string[]).sort();
}

function ofContent(oracle: Oracle, chainIds: readonly number[], hash: string): string[] {
  const found = oracle.contributions().filter(({ contentHash }) => contentHash === hash);
  return chainIds.flatMap((chain) => found.filter(({ chainId }) => chainId === chain).map(({ id }) => String(id)));
}

/** Names that begin so in any case, the shortest first; then by name, datanets before models, chain order. */
function named(oracle: Oracle, chainIds: readonly number[], lower: string): string[] {
  const all = [oracle.datanets(), oracle.models()].flatMap((rows) =>
    chainIds.flatMap((chain) => rows.filter(({ chainId }) => chainId === chain)),
  );
  return all
    .flatMap(({ id, name }) => (typeof name === 'string' ? [{ id: String(id), name }] : []))
    .filter(({ name }) => name.toLowerCase().startsWith(lower))
    .sort((a, b) => [...a.name].length - [...b.name].length || compare(a.name.toLowerCase(), b.name.toLowerCase()))
    .map(({ id }) => id);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
