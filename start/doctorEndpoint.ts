import { messageOf, withoutCredentials } from '../schema/appError';
import type { ChainConfig } from '../schema/networkFile';
import type { Say } from './doctor';
import { examineProofs } from './doctorProofs';
import { answersBatches, askEndpoint } from './endpoint';

interface Block {
  number: string;
  hash: string;
  timestamp: string;
}

/** What an endpoint can do, asked for a few blocks near its head; some twenty requests. */
export async function examineEndpoint(chain: ChainConfig, index: number, url: string, say: Say): Promise<void> {
  const about = `${chain.name} rpc[${index}] ${withoutCredentials(url)}`;
  const ask = (method: string, params: unknown[] = []) => askEndpoint(url, method, params);
  let head: Block;
  try {
    const chainId = Number(await ask('eth_chainId'));
    if (chainId !== chain.chainId) {
      say(
        'wrong',
        about,
        `is chain ${chainId}, the network file says ${chain.chainId}`,
        'correct chainId or rpc in the network file',
      );
      return;
    }
    head = (await ask('eth_getBlockByNumber', ['latest', false])) as Block;
  } catch (error) {
    say('wrong', about, `does not answer: ${messageOf(error)}`, 'check the URL, its key, and that the node is up');
    return;
  }
  const ageSeconds = Math.round(Date.now() / 1_000 - Number(head.timestamp));
  const headNumber = Number(head.number);
  const age = `chain ${chain.chainId}, head ${headNumber}, ${ageSeconds} s old`;
  if (ageSeconds > 600) say('warning', about, age, 'the node may be behind, or the chain makes blocks only on demand');
  else say('ok', about, age);
  await examineTags(chain, headNumber, about, ask, say);
  await examineLogs(chain, headNumber, about, ask, say);
  await examineBatches(url, about, say);
  await examineProofs(chain, head as unknown as Record<string, unknown>, about, ask, say);
  await examineContracts(chain, about, ask, say);
}

type Ask = (method: string, params?: unknown[]) => Promise<unknown>;

async function examineTags(chain: ChainConfig, head: number, about: string, ask: Ask, say: Say): Promise<void> {
  const numbers = await Promise.all(
    ['safe', 'finalized'].map((tag) =>
      ask('eth_getBlockByNumber', [tag, false]).then(
        (block) => `${tag} ${head - Number((block as Block).number)} blocks behind`,
        () => undefined,
      ),
    ),
  );
  const [safe, finalized] = numbers;
  const found = numbers.filter(Boolean).join(', ') || 'no finality tags';
  if ('tag' in chain.finality && !finalized) {
    say('wrong', about, found, 'set "finality": {"depth": n} for this chain in the network file');
  } else if (!safe && !finalized) {
    say('warning', about, found, 'no block is shown as safe before it is final');
  } else say('ok', about, found);
}

/** The largest range of blocks that eth_getLogs answers, of those that providers commonly allow. */
async function examineLogs(chain: ChainConfig, head: number, about: string, ask: Ask, say: Say): Promise<void> {
  const address = chain.contracts.map((contract) => contract.address);
  let refusal = '';
  for (const range of [10_000, 5_000, 2_000, 1_000, 500, 100, 10, 1]) {
    const fromBlock = `0x${Math.max(0, head - range + 1).toString(16)}`;
    try {
      await ask('eth_getLogs', [{ address, fromBlock, toBlock: `0x${head.toString(16)}` }]);
      const limited = refusal ? ` (more: ${refusal})` : ' or more';
      return say('ok', about, `eth_getLogs over ${range} blocks${limited}`);
    } catch (error) {
      refusal = messageOf(error).slice(0, 120);
    }
  }
  say('wrong', about, `eth_getLogs is refused: ${refusal}`, 'use an endpoint that serves logs');
}

async function examineBatches(url: string, about: string, say: Say): Promise<void> {
  if (await answersBatches(url)) return say('ok', about, 'answers batches');
  say('warning', about, 'does not answer batches', 'every call is a request of its own: slower, and more requests');
}

async function examineContracts(chain: ChainConfig, about: string, ask: Ask, say: Say): Promise<void> {
  const addresses = [...new Set(chain.contracts.map(({ address }) => address))];
  const codes = await Promise.all(
    addresses.map((address) => ask('eth_getCode', [address, 'latest']).catch(() => undefined)),
  );
  const empty = addresses.filter((_, index) => codes[index] === '0x');
  if (empty.length > 0)
    say('warning', about, `no contract at ${empty.join(', ')}`, 'check the addresses of the network file');
  else say('ok', about, `${addresses.length} contract addresses hold code`);
}
