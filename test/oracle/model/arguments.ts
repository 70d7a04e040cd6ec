import { getAddress, type ParamType } from 'ethers';
import { fragmentOf } from '../abi';
import type { Value } from '../log';
import { type Chain, ZERO_HASH } from './chain';
import { nameOfCode, POOL_KINDS } from './codes';
import type { Fact } from './fact';
import { accountId, idOf, type Json, type JsonObject } from './json';

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;

/** Every single value of an event's arguments, arrays and structs opened, in order, with its name and type. */
function leaves(fact: Fact): { name: string; type: string; value: Value }[] {
  const open = (param: ParamType, name: string, value: Value): ReturnType<typeof leaves> => {
    const { arrayChildren, components } = param;
    if (arrayChildren) return (value as Value[]).flatMap((item) => open(arrayChildren, name, item));
    if (components) {
      const struct = value as { [name: string]: Value };
      return components.flatMap((part) => open(part, part.name, struct[part.name] as Value));
    }
    return [{ name, type: param.type, value }];
  };
  return fragmentOf(fact.event).inputs.flatMap((input) => open(input, input.name, fact.args[input.name] as Value));
}

/** The accounts of an event, each once, in the order of its arguments: no tokens, no zero address. */
export function accountsIn(fact: Fact): string[] {
  const addresses = leaves(fact)
    .filter(({ type, name }) => type === 'address' && name !== 'token' && name !== 'feeToken')
    .map(({ value }) => value as string);
  return [...new Set(addresses)].filter((address) => address !== ZERO_ADDRESS);
}

const TYPES: Record<string, string> = {
  datanetId: 'datanet',
  contributionId: 'contribution',
  otherId: 'contribution',
  disputeId: 'dispute',
  modelId: 'model',
  parentModelId: 'model',
  adapterId: 'adapter',
  adapterIds: 'adapter',
  inferenceId: 'inference',
  poolId: 'pool',
};

/** Events of the reward ledger whose `ref` may be an inference; the risk ledger's refs are opaque. */
const INFERENCE_REFS = ['PoolFunded', 'RewardAccrued', 'RewardReversed'];

/** Ids of the entities that an event's arguments name, existing or not, and its accounts; sorted, each once. */
export function subjectsOf(chain: Chain, fact: Fact): string[] {
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  const named = leaves(fact).flatMap(({ name, value }) => {
    const type = TYPES[name];
    const none =
      (name === 'parentModelId' && value === 0n) ||
      (name === 'contributionId' && value === 0n && fact.event === 'RewardAccrued');
    if (type) return none ? [] : [id(type, value as bigint | string)];
    if (name === 'ref' && INFERENCE_REFS.includes(fact.event) && value !== ZERO_HASH)
      return [id('inference', value as string)];
    if (name === 'subjectId') {
      const kind = nameOfCode(POOL_KINDS, fact.big('kind'));
      return kind === 'DATANET' || kind === 'MODEL' ? [id(kind.toLowerCase(), value as bigint)] : [];
    }
    return [];
  });
  if (fact.event === 'ContributionBatchSubmitted')
    for (const [i] of fact.list('contentHashes').entries())
      named.push(id('contribution', fact.big('firstContributionId') + BigInt(i)));
  return [...new Set([...named, ...accountsIn(fact).map(accountId)])].sort();
}

/** [EventArg!]! in the order of the declaration. */
export function argsOf(fact: Fact): JsonObject[] {
  return fragmentOf(fact.event).inputs.map((input) => {
    const value = jsonOf(input, fact.args[input.name] as Value);
    return {
      name: input.name,
      type: input.format('sighash'),
      value: typeof value === 'object' ? JSON.stringify(value) : String(value),
    };
  });
}

/** Structs as objects by field name, integers as strings, addresses EIP-55. */
function jsonOf(param: ParamType, value: Value): Json {
  const { arrayChildren, components } = param;
  if (arrayChildren) return (value as Value[]).map((item) => jsonOf(arrayChildren, item));
  if (components) {
    const struct = value as { [name: string]: Value };
    return Object.fromEntries(components.map((part) => [part.name, jsonOf(part, struct[part.name] as Value)]));
  }
  if (typeof value === 'boolean') return value;
  return param.type === 'address' ? getAddress(value as string) : String(value);
}
