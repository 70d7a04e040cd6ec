import { compileDecoder, type EventArgs, type EventDecoder, UndecodableLog } from './eventDecoder';
import { positionOf } from './position';
import type { Profile } from './profiles';

/** A log as a node tells it; hashes and bytes are 0x-prefixed lower-case hex. */
export interface RawLog {
  blockNumber: number;
  logIndex: number;
  transactionHash: string;
  address: string;
  topics: string[];
  data: string;
}

export interface ConfiguredContract {
  profile: string;
  contract: string;
  /** Any case. */
  address: string;
  startBlock: number;
}

/** An event of one contract of one profile. */
export interface EventType {
  profile: string;
  contract: string;
  decoder: EventDecoder;
}

export interface DecodedEvent {
  log: RawLog;
  pos: bigint;
  type: EventType;
  args: EventArgs;
}

export type Decoding =
  | { kind: 'event'; event: DecodedEvent }
  /** Kept and counted: of a configured contract, but no profile decodes it. */
  | { kind: 'undecoded'; log: RawLog; pos: bigint; reason: string }
  /** Before the contract's start block, or of nobody we know: doesn't exist for us. */
  | { kind: 'absent' };

interface Resident {
  startBlock: number;
  byTopic0: Map<string, EventType>;
}

/** The configured contracts of one chain, and the decoding of their logs. */
export class ContractSet {
  readonly addresses: readonly string[];
  readonly eventTypes: readonly EventType[];
  private readonly residents = new Map<string, Resident[]>();

  constructor(contracts: readonly ConfiguredContract[], profiles: Readonly<Record<string, Profile>>) {
    const types: EventType[] = [];
    for (const { profile, contract, address, startBlock } of contracts) {
      const fragments = profiles[profile]?.contracts[contract];
      if (!fragments) throw new TypeError(`profile ${profile} has no contract ${contract}`);
      const own = fragments.map((fragment) => ({ profile, contract, decoder: compileDecoder(fragment) }));
      types.push(...own);
      const at = address.toLowerCase();
      const byTopic0 = new Map(own.map((type) => [type.decoder.topic0, type]));
      this.residents.set(at, [...(this.residents.get(at) ?? []), { startBlock, byTopic0 }]);
    }
    this.addresses = [...this.residents.keys()];
    this.eventTypes = types;
  }

  decode(log: RawLog): Decoding {
    const residents = this.residents.get(log.address);
    if (!residents) return { kind: 'absent' };
    const pos = positionOf(log.blockNumber, log.logIndex);
    const topic0 = log.topics[0];
    if (topic0 === undefined) return whenStarted(residents, log, pos, 'it has no topic (an anonymous event)');
    const owners = residents.filter(({ byTopic0 }) => byTopic0.has(topic0));
    if (owners.length === 0) return whenStarted(residents, log, pos, `no event of this address has topic0 ${topic0}`);
    const started = owners.filter(({ startBlock }) => startBlock <= log.blockNumber);
    if (started.length === 0) return { kind: 'absent' };
    let reason = '';
    for (const { byTopic0 } of started) {
      const type = byTopic0.get(topic0) as EventType;
      try {
        const args = type.decoder.decode(log.topics, log.data);
        assertIdsFit(type.decoder.name, args);
        return { kind: 'event', event: { log, pos, type, args } };
      } catch (error) {
        if (!(error instanceof UndecodableLog)) throw error;
        reason = error.message;
      }
    }
    return { kind: 'undecoded', log, pos, reason };
  }
}

function whenStarted(residents: Resident[], log: RawLog, pos: bigint, reason: string): Decoding {
  const started = residents.some(({ startBlock }) => startBlock <= log.blockNumber);
  return started ? { kind: 'undecoded', log, pos, reason } : { kind: 'absent' };
}

const MAX_UINT256 = 2n ** 256n - 1n;

/** A batch whose ids pass 2^256 - 1 names contributions that can't be (protocol/README, Organize and contribute). */
function assertIdsFit(event: string, args: EventArgs): void {
  if (event !== 'ContributionBatchSubmitted') return;
  const count = BigInt((args['contentHashes'] as unknown[]).length);
  if ((args['firstContributionId'] as bigint) + count - 1n > MAX_UINT256) {
    throw new UndecodableLog('the ids of its batch pass 2^256 - 1');
  }
}
