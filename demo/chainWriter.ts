import { Interface, type ParamType, type Result } from 'ethers';
import { artifactOf, CONTRACT_NAMES, type ContractName } from '../contracts/artifacts';
import type { Addresses } from '../contracts/deploy';
import type { ChainEvent } from './entities';
import { INDEXED_CONTRACTS } from './network';
import { type Rpc, RpcError, toHex } from './rpc';

/** One transaction: somebody calls a method of one of our contracts. */
export interface Call {
  from: string;
  contract: ContractName;
  method: string;
  args: readonly unknown[];
  /** Native wei that go with it. */
  value?: bigint;
}

export interface Mined {
  /** Of the contracts that are indexed, in their order. */
  events: ChainEvent[];
  /** The calls that reverted. */
  reverted: Call[];
}

interface RawLog {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockTimestamp: string;
}

interface RawReceipt {
  status: string;
  logs: RawLog[];
}

/** Explicit, so that nothing is estimated: transactions of one block depend on each other. */
const GAS = toHex(20_000_000);
const BLOCKS_PER_READ = 2_000;
/** ERC-20 events that no profile has: they are on the chain, and not among the events. */
const UNPUBLISHED = new Set(['Approval']);

/** Writes blocks of calls to the local chain, and reads what they did. */
export class ChainWriter {
  private readonly interfaces = new Map<ContractName, Interface>();
  private readonly byAddress = new Map<string, ContractName>();
  private readonly nonces = new Map<string, number>();

  constructor(
    private readonly rpc: Rpc,
    private readonly addresses: Addresses,
  ) {
    for (const name of CONTRACT_NAMES) this.interfaces.set(name, new Interface(artifactOf(name).abi));
    for (const name of INDEXED_CONTRACTS) this.byAddress.set(addresses[name].toLowerCase(), name);
  }

  encode({ contract, method, args }: Pick<Call, 'contract' | 'method' | 'args'>): string {
    return this.interfaces.get(contract)!.encodeFunctionData(method, args);
  }

  /** Mines one block with these calls, in this order, at a time (seconds; not before the last block's). */
  async mine(calls: readonly Call[], at: number): Promise<Mined> {
    await this.learnNonces(calls);
    const transactions = calls.map((call) => {
      const nonce = this.nonces.get(call.from)!;
      this.nonces.set(call.from, nonce + 1);
      const { from, contract, value = 0n } = call;
      const to = this.addresses[contract];
      return { from, to, nonce: toHex(nonce), gas: GAS, gasPrice: '0x0', value: toHex(value), data: this.encode(call) };
    });
    await this.rpc.batch(transactions.map((transaction) => ({ method: 'eth_sendTransaction', params: [transaction] })));
    await this.rpc.call('evm_mine', [at]);
    const receipts = await this.rpc.call<RawReceipt[]>('eth_getBlockReceipts', ['latest']);
    if (receipts.length !== calls.length) {
      throw new RpcError(`a block was mined with ${receipts.length} of ${calls.length} transactions`);
    }
    return {
      events: receipts.flatMap(({ logs }) => this.decode(logs)),
      reverted: calls.filter((_, i) => receipts[i]!.status !== '0x1'),
    };
  }

  /** Every event so far, from a block on. */
  async readAll(fromBlock = 0): Promise<ChainEvent[]> {
    const head = Number(await this.rpc.call<string>('eth_blockNumber'));
    const address = [...this.byAddress.keys()];
    const events: ChainEvent[] = [];
    for (let from = fromBlock; from <= head; from += BLOCKS_PER_READ) {
      const range = { fromBlock: toHex(from), toBlock: toHex(Math.min(head, from + BLOCKS_PER_READ - 1)), address };
      events.push(...this.decode(await this.rpc.call<RawLog[]>('eth_getLogs', [range])));
    }
    return events;
  }

  private decode(logs: readonly RawLog[]): ChainEvent[] {
    return logs.flatMap((log) => {
      const contract = this.byAddress.get(log.address);
      const parsed = contract && this.interfaces.get(contract)!.parseLog(log);
      if (!parsed || UNPUBLISHED.has(parsed.name)) return [];
      const { name, args, fragment } = parsed;
      return [
        {
          contract,
          name,
          args: record(fragment.inputs, args),
          block: Number(log.blockNumber),
          at: Number(log.blockTimestamp),
        },
      ];
    });
  }

  private async learnNonces(calls: readonly Call[]): Promise<void> {
    const unknown = [...new Set(calls.map(({ from }) => from))].filter((from) => !this.nonces.has(from));
    const counts = await this.rpc.batch<string>(
      unknown.map((from) => ({ method: 'eth_getTransactionCount', params: [from, 'pending'] })),
    );
    for (const [i, from] of unknown.entries()) this.nonces.set(from, Number(counts[i]));
  }
}

/** A decoded value as plain data: structs as objects, arrays as arrays. */
function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return [...(value as Result)].map((each: unknown) => plain(type.arrayChildren, each));
  return type.isTuple() ? record(type.components, value as Result) : value;
}

function record(types: readonly ParamType[], values: Result): Record<string, unknown> {
  return Object.fromEntries(types.map((type, i) => [type.name, plain(type, values[i])]));
}
