import { decoderOf, type EventArgs, type EventDecoder, UndecodableLog } from './eventDecoder';
import { ADDRESS_BYTES, hexAt, keyAt, keyOf, type LogBytes, WORD_BYTES } from './logBytes';
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

export type Decoding =
  /** `args` where reading them was how it was checked: events of words alone are checked for less. */
  | { kind: 'event'; type: EventType; args: EventArgs | undefined }
  /** Kept and counted: of a configured contract, but no profile decodes it. */
  | { kind: 'undecoded'; reason: string }
  /** Before the contract's start block, or of nobody we know: doesn't exist for us. */
  | { kind: 'absent' };

interface Resident {
  startBlock: number;
  /** By keyAt of the topic. */
  byTopic0: Map<string, EventType>;
}

const ABSENT: Decoding = { kind: 'absent' };

/** Whichever way a network file lists them, they are the same: a chain has one contract of each kind. */
export function inOrder(contracts: readonly ConfiguredContract[]): ConfiguredContract[] {
  return [...contracts].sort((a, b) => (a.contract < b.contract ? -1 : 1));
}

/** The configured contracts of one chain, and the decoding of their logs. */
export class ContractSet {
  readonly addresses: readonly string[];
  readonly eventTypes: readonly EventType[];
  /** By keyAt of the address. */
  private readonly residents = new Map<string, Resident[]>();

  constructor(contracts: readonly ConfiguredContract[], profiles: Readonly<Record<string, Profile>>) {
    const types: EventType[] = [];
    const addresses = new Set<string>();
    for (const { profile, contract, address, startBlock } of inOrder(contracts)) {
      const fragments = profiles[profile]?.contracts[contract];
      if (!fragments) throw new TypeError(`profile ${profile} has no contract ${contract}`);
      const own = fragments.map((fragment) => ({ profile, contract, decoder: decoderOf(fragment) }));
      types.push(...own);
      const at = address.toLowerCase();
      addresses.add(at);
      const byTopic0 = new Map(own.map((type) => [keyOf(type.decoder.topic0), type]));
      this.residents.set(keyOf(at), [...(this.residents.get(keyOf(at)) ?? []), { startBlock, byTopic0 }]);
    }
    this.addresses = [...addresses];
    this.eventTypes = types;
  }

  decode(log: LogBytes): Decoding {
    const { bytes, blockNumber } = log;
    const residents = this.residents.get(keyAt(bytes, log.addressAt, ADDRESS_BYTES));
    if (!residents) return ABSENT;
    if (log.topicCount === 0) return whenStarted(residents, log, 'it has no topic (an anonymous event)');
    const topic0 = keyAt(bytes, log.topic0At, WORD_BYTES);
    let isKnown = false;
    let reason: string | undefined;
    for (const { byTopic0, startBlock } of residents) {
      const type = byTopic0.get(topic0);
      if (!type) continue;
      isKnown = true;
      if (startBlock > blockNumber) continue;
      try {
        return { kind: 'event', type, args: checked(type.decoder, log) };
      } catch (error) {
        if (!(error instanceof UndecodableLog)) throw error;
        reason = error.message;
      }
    }
    if (reason !== undefined) return { kind: 'undecoded', reason };
    if (isKnown) return ABSENT;
    const shown = hexAt(bytes, log.topic0At, WORD_BYTES);
    return whenStarted(residents, log, `no event of this address has topic0 ${shown}`);
  }
}

function whenStarted(residents: Resident[], { blockNumber }: LogBytes, reason: string): Decoding {
  const started = residents.some(({ startBlock }) => startBlock <= blockNumber);
  return started ? { kind: 'undecoded', reason } : ABSENT;
}

function checked(decoder: EventDecoder, log: LogBytes): EventArgs | undefined {
  if (decoder.isWords) {
    decoder.check(log);
    return undefined;
  }
  const args = decoder.read(log);
  assertIdsFit(decoder.name, args);
  return args;
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
