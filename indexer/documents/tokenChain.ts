import { FetchRequest, JsonRpcProvider, toQuantity } from 'ethers';
import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { isContractFailure } from './callFailure';
import { decodeDecimals, decodeSymbol } from './tokenAnswer';

/** What is needed of a chain of the network file. */
export interface TokenChainConfig {
  chainId: number;
  rpc: readonly string[];
}

export interface TokenData {
  symbol: string | null;
  decimals: number | null;
}

export interface TokenChain {
  /**
   * @param address lower-case hex
   * @param indexedNumber up to where the chain is indexed: an empty answer of a node that is not there yet says nothing
   * @throws AppError RETRY when no endpoint gave an answer
   */
  read(address: string, indexedNumber: number): Promise<TokenData>;
  close(): void;
}

const symbolSelector = '0x95d89b41';
const decimalsSelector = '0x313ce567';
/** A proxy's getter takes 50,000; a contract that burns more keeps no node busy. */
const callGas = 1_000_000n;

/**
 * Asks the endpoints of a chain in turn, until one answers. Of the network file's endpoints those over http are asked;
 * ws: and wss: are asked over http at the same address, which is where nodes serve both.
 */
export function openTokenChain({ chainId, rpc }: TokenChainConfig, timeoutMs: number): TokenChain {
  const urls = rpc.filter((url) => /^https?:/i.test(url));
  const asked = urls.length > 0 ? urls : rpc.map((url) => url.replace(/^ws/i, 'http'));
  // Opened at the first token: ethers takes a worker as long to load as all the rest, when history waits for it.
  const providers = new Map<string, JsonRpcProvider>();
  const providerOf = (url: string): JsonRpcProvider => {
    const provider = providers.get(url) ?? openProvider(url, chainId, timeoutMs);
    providers.set(url, provider);
    return provider;
  };
  return {
    async read(address, indexedNumber) {
      const failures: string[] = [];
      for (const url of asked) {
        try {
          return await readToken(providerOf(url), address, indexedNumber);
        } catch (error) {
          failures.push(`${withoutCredentials(url)}: ${shortMessage(error)}`);
        }
      }
      throw new AppError('RETRY', `chain ${chainId}: token ${address} was not read: ${failures.join('; ')}`);
    },
    close() {
      for (const provider of providers.values()) provider.destroy();
    },
  };
}

function openProvider(url: string, chainId: number, timeoutMs: number): JsonRpcProvider {
  const request = new FetchRequest(url);
  request.timeout = timeoutMs;
  // One answer of 429 is enough: the job comes back later.
  request.setThrottleParams({ maxAttempts: 1 });
  return new JsonRpcProvider(request, chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
}

async function readToken(provider: JsonRpcProvider, address: string, indexedNumber: number): Promise<TokenData> {
  const [symbol, decimals] = await Promise.all([
    call(provider, address, symbolSelector),
    call(provider, address, decimalsSelector),
  ]);
  if (symbol === '0x' && decimals === '0x') {
    const head = Number(await provider.send('eth_blockNumber', []));
    if (head < indexedNumber) throw new AppError('RETRY', `is at block ${head}, before ${indexedNumber}`);
  }
  return { symbol: decodeSymbol(symbol), decimals: decodeDecimals(decimals) };
}

/** 0x for a contract that has no such function, or none at all. */
async function call(provider: JsonRpcProvider, to: string, data: string): Promise<string> {
  try {
    const answer: unknown = await provider.send('eth_call', [{ to, data, gas: toQuantity(callGas) }, 'latest']);
    if (typeof answer !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(answer)) {
      throw new AppError('RETRY', 'answered eth_call with something that is not hex');
    }
    return answer;
  } catch (error) {
    if (isContractFailure(error)) return '0x';
    throw error;
  }
}

/** ethers puts the request, its URL and its body into a message; the short one has none of them. */
function shortMessage(error: unknown): string {
  const short = (error as { shortMessage?: unknown } | null)?.shortMessage;
  return typeof short === 'string' ? short : messageOf(error);
}
