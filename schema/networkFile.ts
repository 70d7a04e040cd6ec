import { getAddress } from 'ethers/address';
import { AppError } from './appError';

/** What may be configured: the contracts of each profile. The event ABIs behind them don't matter here. */
export type ProfileRegistry = Record<string, { contracts: Record<string, unknown> }>;

export type Finality = { tag: 'finalized' } | { depth: number };

export interface ContractConfig {
  profile: string;
  contract: string;
  /** Lower case. */
  address: string;
  /** Logs before this block don't exist. */
  startBlock: number;
}

export interface VerifyConfig {
  history: 'receipts' | 'bloom' | 'off';
  requestsPerSecond: number;
}

export interface ChainConfig {
  chainId: number;
  name: string;
  /** http(s) and ws(s) endpoints; may hold API keys, so never in a message. */
  rpc: string[];
  startBlock: number;
  finality: Finality;
  pollMs: number;
  nativeToken: { symbol: string; decimals: number };
  contracts: ContractConfig[];
  /** A rollback deeper than this needs a majority of the endpoints that answer. */
  quorumDepth: number;
  verify: VerifyConfig;
  /** A known limit of the endpoints, in blocks per eth_getLogs; undefined: it is learned. */
  maxLogsRange?: number;
}

export interface NetworkFile {
  chains: ChainConfig[];
}

/**
 * Checks a parsed network file and fills in its defaults; `${NAME}` in an rpc value is replaced from `env`.
 * @throws AppError CONFIG that names the path (`chains[0].contracts[3].address`) and what was expected.
 */
export function parseNetworkFile(
  json: unknown,
  env: Record<string, string | undefined>,
  profiles: ProfileRegistry,
): NetworkFile {
  const file = objectAt('the network file', json, ['chains']);
  const chains = listAt('chains', file.chains).map((chain, index) =>
    parseChain(`chains[${index}]`, chain, env, profiles),
  );
  if (chains.length === 0) expected('chains', 'at least one chain', file.chains);
  refuseRepeats(
    chains,
    (chain) => String(chain.chainId),
    (index) => `chains[${index}].chainId`,
    'a chain that is not listed yet',
  );
  refuseRepeats(
    chains,
    (chain) => chain.name,
    (index) => `chains[${index}].name`,
    'a name that no other chain has',
  );
  return { chains };
}

/**
 * The chain ids of a network file of which nothing else matters.
 * @throws AppError CONFIG as parseNetworkFile
 */
export function parseChainIds(json: unknown): number[] {
  const file = objectAt('the network file', json, ['chains']);
  const chainIds = listAt('chains', file.chains).map((chain, index) => {
    const path = `chains[${index}]`;
    return chainIdAt(path, objectAt(path, chain, chainKeys).chainId);
  });
  if (chainIds.length === 0) expected('chains', 'at least one chain', file.chains);
  return chainIds;
}

const chainKeys = [
  'chainId',
  'name',
  'rpc',
  'startBlock',
  'finality',
  'pollMs',
  'nativeToken',
  'contracts',
  'quorumDepth',
  'verify',
  'maxLogsRange',
];

function parseChain(
  path: string,
  json: unknown,
  env: Record<string, string | undefined>,
  profiles: ProfileRegistry,
): ChainConfig {
  const chain = objectAt(path, json, chainKeys);
  const chainId = chainIdAt(path, chain.chainId);
  const startBlock = integerAt(`${path}.startBlock`, chain.startBlock ?? 0, 0);
  const rpc = listAt(`${path}.rpc`, chain.rpc).map((url, index) => rpcAt(`${path}.rpc[${index}]`, url, env));
  if (rpc.length === 0) expected(`${path}.rpc`, 'at least one URL', chain.rpc);
  const contracts = listAt(`${path}.contracts`, chain.contracts).map((contract, index) =>
    parseContract(`${path}.contracts[${index}]`, contract, startBlock, profiles),
  );
  if (contracts.length === 0) expected(`${path}.contracts`, 'at least one contract', chain.contracts);
  // Entities are keyed by chain and id, so two contracts of a kind would give one id to two things.
  refuseRepeats(
    contracts,
    ({ contract }) => contract,
    (index) => `${path}.contracts[${index}].contract`,
    'one contract of each kind on a chain',
  );
  return {
    chainId,
    name: chain.name === undefined ? `chain-${chainId}` : textAt(`${path}.name`, chain.name),
    rpc,
    startBlock,
    finality: finalityAt(`${path}.finality`, chain.finality ?? { tag: 'finalized' }),
    pollMs: integerAt(`${path}.pollMs`, chain.pollMs ?? 1_000, 10),
    nativeToken: nativeTokenAt(`${path}.nativeToken`, chain.nativeToken ?? { symbol: 'ETH', decimals: 18 }),
    contracts,
    quorumDepth: integerAt(`${path}.quorumDepth`, chain.quorumDepth ?? 12, 1),
    verify: verifyAt(`${path}.verify`, chain.verify ?? {}),
    ...(chain.maxLogsRange === undefined
      ? {}
      : { maxLogsRange: integerAt(`${path}.maxLogsRange`, chain.maxLogsRange, 1) }),
  };
}

function chainIdAt(path: string, value: unknown): number {
  return integerAt(`${path}.chainId`, value, 1, 2 ** 31 - 1);
}

function parseContract(path: string, json: unknown, chainStart: number, profiles: ProfileRegistry): ContractConfig {
  const entry = objectAt(path, json, ['profile', 'contract', 'address', 'startBlock']);
  const profile = oneOf(`${path}.profile`, entry.profile, Object.keys(profiles));
  const contract = oneOf(`${path}.contract`, entry.contract, Object.keys(profiles[profile]?.contracts ?? {}));
  return {
    profile,
    contract,
    address: addressAt(`${path}.address`, entry.address),
    startBlock: integerAt(`${path}.startBlock`, entry.startBlock ?? chainStart, 0),
  };
}

function addressAt(path: string, value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
    expected(path, 'an address (0x and 40 hex digits)', value);
  }
  // One case is an address without a checksum; mixed case must carry the right one.
  if (!/[a-f]/.test(value) || !/[A-F]/.test(value)) return value.toLowerCase();
  try {
    return getAddress(value).toLowerCase();
  } catch {
    return expected(
      path,
      `an address with a valid checksum (${getAddress(value.toLowerCase())}) or in lower case`,
      value,
    );
  }
}

/** The value after substitution is a secret, so messages show what the file says. */
function rpcAt(path: string, value: unknown, env: Record<string, string | undefined>): string {
  const text = textAt(path, value);
  const url = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const substitute = env[name];
    if (!substitute) expected(path, `the environment variable ${name} to be set`, text);
    return substitute;
  });
  if (!URL.canParse(url) || !/^(https?|wss?):\/\//.test(url)) {
    expected(path, 'an http, https, ws or wss URL', text.includes('${') ? text : 'something else');
  }
  return url;
}

function finalityAt(path: string, value: unknown): Finality {
  const finality = objectAt(path, value, ['tag', 'depth']);
  const wanted = '{"tag": "finalized"} or {"depth": n}';
  if ((finality.tag === undefined) === (finality.depth === undefined)) expected(path, wanted, value);
  if (finality.depth !== undefined) return { depth: integerAt(`${path}.depth`, finality.depth, 1) };
  if (finality.tag !== 'finalized') expected(`${path}.tag`, '"finalized"', finality.tag);
  return { tag: 'finalized' };
}

function nativeTokenAt(path: string, value: unknown): ChainConfig['nativeToken'] {
  const token = objectAt(path, value, ['symbol', 'decimals']);
  const decimals = integerAt(`${path}.decimals`, token.decimals ?? 18, 0, 255);
  return { symbol: textAt(`${path}.symbol`, token.symbol), decimals };
}

function verifyAt(path: string, value: unknown): VerifyConfig {
  const verify = objectAt(path, value, ['history', 'requestsPerSecond']);
  const history = oneOf(`${path}.history`, verify.history ?? 'bloom', ['receipts', 'bloom', 'off']);
  const requestsPerSecond = verify.requestsPerSecond ?? 5;
  if (typeof requestsPerSecond !== 'number' || !(requestsPerSecond > 0)) {
    expected(`${path}.requestsPerSecond`, 'a number above 0', requestsPerSecond);
  }
  return { history: history as VerifyConfig['history'], requestsPerSecond };
}

function refuseRepeats<T>(items: T[], key: (item: T) => string, path: (index: number) => string, what: string): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(key(item))) expected(path(index), what, key(item));
    seen.add(key(item));
  });
}

function objectAt(path: string, value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return expected(path, 'an object', value);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) {
      const at = path.startsWith('chains') ? `${path}.${key}` : key;
      throw new AppError('CONFIG', `Network file: ${at} is not a known key; expected one of ${keys.join(', ')}.`);
    }
  }
  return value as Record<string, unknown>;
}

function listAt(path: string, value: unknown): unknown[] {
  return Array.isArray(value) ? value : expected(path, 'a list', value);
}

function textAt(path: string, value: unknown): string {
  return typeof value === 'string' && value.trim() !== '' ? value : expected(path, 'a text', value);
}

function integerAt(path: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return expected(path, `a whole number ${bounds}`, value);
}

function oneOf(path: string, value: unknown, allowed: readonly string[]): string {
  if (typeof value === 'string' && allowed.includes(value)) return value;
  return expected(path, `one of ${allowed.join(', ')}`, value);
}

function expected(path: string, what: string, came: unknown): never {
  const shown = came === undefined ? 'nothing' : JSON.stringify(came);
  throw new AppError(
    'CONFIG',
    `Network file: ${path}: expected ${what}, got ${shown.length > 100 ? `${shown.slice(0, 100)}…` : shown}.`,
  );
}
