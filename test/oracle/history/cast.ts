import { id, type ParamType, zeroPadValue } from 'ethers';
import { contractOf, fragmentOf } from '../abi';
import type { Args, EventLog, Value } from '../log';
import type { Random } from './random';
import { curiousText, metadata } from './texts';

export const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;
export const ZERO_HASH = `0x${'00'.repeat(32)}`;
const MAX = 2n ** 256n - 1n;

/** Ids that no creation ever gets: what is said about them stays in the event feed. */
const NEVER = 999n;
const NEVER_HASH = id('never created');

/**
 * Who and what a history is about. The id spaces are small so that things meet: ids come before their creation, are
 * created twice, or never; a few are 0 or enormous.
 */
export class Cast {
  readonly datanets = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, MAX];
  readonly models = [0n, 1n, 2n, 3n, 4n, 2n ** 64n];
  readonly adapters = [0n, 1n, 2n, 3n, 4n];
  readonly disputes: bigint[];
  readonly contributions: bigint[];
  readonly inferences: string[];
  readonly pools: string[];
  readonly runs: string[];
  readonly accounts: string[];
  /** Native and two ERC-20s; the second one looks like an account that also acts. */
  readonly tokens: string[];
  private readonly hashes: string[];

  /** `size` is about the number of logs to come; `now` is the current block's timestamp in seconds. */
  constructor(
    readonly random: Random,
    size: number,
    readonly now: () => number,
  ) {
    const some = (count: number, name: string) => Array.from({ length: count }, (_, i) => id(`${name} ${i}`));
    this.contributions = [...Array(Math.max(30, Math.floor(size / 20))).keys()].map(BigInt).concat(MAX - 1n, MAX);
    this.disputes = [...Array(Math.max(6, Math.floor(size / 80))).keys()].map(BigInt);
    this.inferences = [ZERO_HASH, ...some(Math.max(12, Math.floor(size / 25)), 'inference')];
    this.pools = [ZERO_HASH, ...some(9, 'pool')];
    this.runs = some(Math.max(6, Math.floor(size / 60)), 'run');
    this.accounts = Array.from({ length: 14 }, (_, i) => zeroPadValue(`0xa${i.toString(16).padStart(3, '0')}`, 20));
    this.tokens = [ZERO_ADDRESS, `0x${'e2'.repeat(20)}`, this.accounts[13] as string];
    this.hashes = some(8, 'hash');
  }

  /** An event with `given` arguments, the others drawn. */
  event(event: string, given: Args = {}): EventLog {
    const args: Args = {};
    for (const input of fragmentOf(event).inputs) args[input.name] = given[input.name] ?? this.draw(event, input);
    if ('metadataURI' in args && !('metadataURI' in given)) Object.assign(args, metadata(this.random));
    return { contract: contractOf(event), event, args };
  }

  datanet(): bigint {
    return this.random.chance(0.04) ? NEVER : this.random.pick(this.datanets);
  }

  contribution(): bigint {
    return this.random.chance(0.04) ? NEVER ** 3n : this.random.pick(this.contributions);
  }

  model(): bigint {
    return this.random.chance(0.04) ? NEVER : this.random.pick(this.models);
  }

  inference(): string {
    return this.random.chance(0.04) ? NEVER_HASH : this.random.pick(this.inferences);
  }

  pool(): string {
    return this.random.chance(0.06) ? NEVER_HASH : this.random.pick(this.pools);
  }

  run(): string {
    return this.random.chance(0.15) ? ZERO_HASH : this.random.chance(0.05) ? NEVER_HASH : this.random.pick(this.runs);
  }

  account(): string {
    return this.random.chance(0.05) ? ZERO_ADDRESS : this.random.pick(this.accounts);
  }

  token(): string {
    return this.random.pick(this.tokens);
  }

  hash(): string {
    return this.random.pick(this.hashes);
  }

  ref(): string {
    const kind = this.random.below(10);
    return kind < 6 ? this.inference() : kind < 8 ? ZERO_HASH : this.hash();
  }

  /** A uint256 amount: mostly some tokens and odd wei, sometimes nothing, one, or everything. */
  amount(): bigint {
    const kind = this.random.below(30);
    if (kind < 3) return 0n;
    if (kind < 6) return BigInt(this.random.between(1, 9));
    if (kind === 6) return MAX - this.random.bits(3);
    if (kind === 7) return this.random.bits(256);
    return this.random.bits(62);
  }

  signed(bits: number): bigint {
    const kind = this.random.below(12);
    if (kind === 0) return 0n;
    if (kind === 1) return -(2n ** BigInt(bits - 1));
    if (kind === 2) return 2n ** BigInt(bits - 1) - 1n;
    const magnitude = this.random.bits(Math.min(bits, 40));
    return BigInt.asIntN(bits, this.random.chance(0.4) ? -magnitude : magnitude);
  }

  ppm(): bigint {
    const kind = this.random.below(12);
    if (kind === 0) return 0n;
    if (kind === 1) return 1_000_000n;
    if (kind === 2) return this.random.pick([1_000_001n, 2n ** 32n - 1n]);
    return BigInt(this.random.between(1, 999_999));
  }

  /** A code of a list of so many; sometimes one that the list doesn't know. */
  private code(known: number): bigint {
    return this.random.chance(0.08) ? this.random.pick([BigInt(known), 9n, 255n]) : BigInt(this.random.below(known));
  }

  private draw(event: string, param: ParamType, name = param.name): Value {
    const { random } = this;
    const creates = (own: string) => event === own;
    if (name === 'contentHashes') return Array.from({ length: random.pick([0, 1, 2, 3, 5]) }, () => this.hash());
    if (param.arrayChildren) {
      const child = param.arrayChildren;
      const count = random.pick([0, 1, 1, 2, 3]);
      return Array.from({ length: count }, () => this.draw(event, child, name));
    }
    if (param.components)
      return Object.fromEntries(param.components.map((part) => [part.name, this.draw(event, part)]));
    switch (name) {
      case 'datanetId':
        return creates('DatanetCreated') ? random.pick(this.datanets) : this.datanet();
      case 'subjectId':
        return this.random.chance(0.5) ? this.datanet() : this.model();
      case 'contributionId':
        if (event === 'RewardAccrued' && random.chance(0.6)) return 0n;
        return creates('ContributionSubmitted') ? random.pick(this.contributions) : this.contribution();
      case 'otherId':
        return this.contribution();
      case 'firstContributionId':
        return random.pick(this.contributions);
      case 'disputeId':
        return creates('DisputeOpened') || random.chance(0.9) ? random.pick(this.disputes) : NEVER;
      case 'modelId':
        return creates('ModelRegistered') ? random.pick(this.models) : this.model();
      case 'parentModelId':
        return random.chance(0.4) ? 0n : this.model();
      case 'adapterId':
        return random.pick(this.adapters);
      case 'adapterIds':
        return random.chance(0.1) ? NEVER : random.pick(this.adapters);
      case 'inferenceId':
        return creates('InferenceSettled') ? random.pick(this.inferences) : this.inference();
      case 'poolId':
        return creates('PoolCreated') ? random.pick(this.pools) : this.pool();
      case 'runId':
        return this.run();
      case 'ref':
        return this.ref();
      case 'token':
      case 'feeToken':
        return this.token();
      case 'dataType':
        return this.code(5);
      case 'status':
        return event === 'ContributionFinalized' ? (this.code(3) + 1n) % 256n : this.code(3);
      case 'relation':
      case 'method':
      case 'attributionMethod':
        return this.code(3);
      case 'role':
        return this.code(6);
      case 'source':
        return this.code(4);
      case 'kind':
        return random.chance(0.4) ? 0n : this.code(4);
      case 'scorePpm':
      case 'weightPpm':
        return this.ppm();
      case 'version':
      case 'datanetVersion':
      case 'modelVersion':
      case 'baseVersion':
        return random.chance(0.04) ? 2n ** (param.type === 'uint32' ? 32n : 64n) - 1n : BigInt(random.below(5));
      case 'leafCount':
        return BigInt(random.below(4));
      case 'effectiveAt':
        return random.chance(0.05) ? 2n ** 64n - 1n : BigInt(Math.max(0, this.now() + random.between(-400, 400)));
      case 'proposalId':
      case 'stakingId':
      case 'configId':
        return random.chance(0.2) ? random.bits(256) : BigInt(random.below(5));
    }
    return this.byType(param.type);
  }

  private byType(type: string): Value {
    const { random } = this;
    if (type === 'address') return this.account();
    if (type === 'bool') return random.chance(0.5);
    if (type === 'string') return curiousText(random);
    if (type === 'bytes32') return random.chance(0.05) ? ZERO_HASH : this.hash();
    if (type === 'bytes')
      return `0x${random
        .bits(72)
        .toString(16)
        .padStart(18, '0')
        .slice(0, random.below(10) * 2)}`;
    if (type === 'uint256') return this.amount();
    const bits = Number(type.replace(/\D+/, ''));
    if (type.startsWith('int')) return this.signed(bits);
    return random.chance(0.06) ? 2n ** BigInt(bits) - 1n : random.bits(Math.min(bits, 14));
  }
}
