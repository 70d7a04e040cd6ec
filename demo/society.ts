import type { ChainEvent, Contribution, Datanet, Dispute, Inference, Model, Pool, Proposal } from './entities';

const STAKER = 2n;
const EMISSION = 1;
/** As the demo deploys the governor. */
export const QUORUM = 10_000n * 10n ** 18n;

/**
 * What the chain says so far, as far as the actors need it to decide what to do next: a fold over its events, so that a
 * history that is being made and one that is read back end in the same state.
 */
export class Society {
  readonly datanets = new Map<bigint, Datanet>();
  readonly contributions = new Map<bigint, Contribution>();
  readonly models = new Map<bigint, Model>();
  readonly inferences = new Map<string, Inference>();
  readonly pools = new Map<string, Pool>();
  readonly disputes = new Map<bigint, Dispute>();
  readonly proposals = new Map<bigint, Proposal>();
  readonly credits = new Map<string, bigint>();
  /** Of the standing bonds of stakers, and when each was last added to. */
  readonly stakes = new Map<string, bigint>();
  readonly stakedAt = new Map<string, number>();
  readonly adapterBuilders = new Map<bigint, Set<string>>();
  emittedAt = 0;
  readonly paid = new Set<string>();
  /** Things that wait for somebody, so that nobody has to look through everything. */
  readonly pending = new Set<Contribution>();
  readonly bonded = new Set<Contribution>();
  readonly unattributed = new Set<Inference>();
  readonly unsplit = new Set<Inference>();
  readonly reputation = new Map<string, bigint>();
  readonly rejections = new Map<string, number>();
  private readonly claimables = new Map<
    string,
    { poolId: string; beneficiary: string; amount: bigint; since: number }
  >();
  private readonly settledEpochs = new Set<string>();
  private readonly kinds = new Map<string, number>();
  events = 0;

  apply(event: ChainEvent): void {
    this.events++;
    this.kinds.set(event.name, (this.kinds.get(event.name) ?? 0) + 1);
    const handler = (this.handlers as unknown as Record<string, Handler | undefined>)[event.name];
    try {
      handler?.call(this.handlers, event.args, event);
    } catch (error) {
      // After a reorg of the local chain an event may name something whose creation is gone (seen: an attribution of an
      // inference that nobody settled). Nobody can act on it, so it means nothing here.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** What each account could claim now, oldest first. */
  claims(): readonly { poolId: string; beneficiary: string; amount: bigint; since: number }[] {
    return [...this.claimables.values()];
  }

  /** Has this kind of event happened yet? */
  has(name: string): boolean {
    return this.kinds.has(name);
  }

  isEpochSettled(poolId: string, epoch: number): boolean {
    return this.settledEpochs.has(`${poolId} ${epoch}`);
  }

  /** More for than against, and enough for the governor's quorum (for and abstained). */
  isCarried({ tally: [against, inFavour, abstained] }: Proposal): boolean {
    return inFavour > against && inFavour + abstained >= QUORUM;
  }

  reputationOf(account: string, datanetId: bigint): bigint {
    return this.reputation.get(`${account} ${datanetId}`) ?? 0n;
  }

  private accrue(poolId: string, beneficiary: string, amount: bigint, at: number): void {
    const key = `${poolId} ${beneficiary}`;
    const total = (this.claimables.get(key)?.amount ?? 0n) + amount;
    const since = this.claimables.get(key)?.since ?? at;
    if (total > 0n) this.claimables.set(key, { poolId, beneficiary, amount: total, since });
    else this.claimables.delete(key);
  }

  private submitted(id: bigint, datanetId: bigint, contributor: string, contentHash: string, at: number): void {
    const contribution: Contribution = {
      id,
      datanetId,
      contributor,
      contentHash,
      submittedAt: at,
      round: 0,
      status: 0,
      datanetVersion: 0n,
      finalizedAt: 0,
      isDisputed: false,
      bond: 0n,
    };
    this.contributions.set(id, contribution);
    this.pending.add(contribution);
  }

  private slash(contribution: Contribution): void {
    contribution.status = 3;
    this.pending.delete(contribution);
    const datanet = this.datanets.get(contribution.datanetId)!;
    const at = datanet.accepted.indexOf(contribution);
    if (at < 0) return;
    datanet.accepted.splice(at, 1);
    if (at < datanet.published) datanet.published--;
  }

  private readonly handlers = {
    DatanetCreated: (a: { datanetId: bigint; owner: string }, { at }: ChainEvent) => {
      this.datanets.set(a.datanetId, {
        id: a.datanetId,
        owner: a.owner,
        active: true,
        foundedAt: at,
        curators: new Map(),
        latestVersion: 0n,
        versionAt: at,
        accepted: [],
        published: 0,
      });
    },
    DatanetUpdated: (a: { datanetId: bigint; status: bigint }) => {
      this.datanets.get(a.datanetId)!.active = a.status === 0n;
    },
    DatanetOwnershipTransferred: (a: { datanetId: bigint; to: string }) => {
      this.datanets.get(a.datanetId)!.owner = a.to;
    },
    CuratorSet: (a: { datanetId: bigint; curator: string; active: boolean; weight: bigint }) => {
      const { curators } = this.datanets.get(a.datanetId)!;
      if (a.active) curators.set(a.curator, a.weight);
      else curators.delete(a.curator);
    },
    DatanetVersionPublished: (a: { datanetId: bigint; version: bigint }, { at }: ChainEvent) => {
      const datanet = this.datanets.get(a.datanetId)!;
      datanet.latestVersion = a.version;
      datanet.versionAt = at;
      datanet.published = datanet.accepted.length;
    },
    ContributionSubmitted: (
      a: { contributionId: bigint; datanetId: bigint; contributor: string; contentHash: string },
      { at }: ChainEvent,
    ) => this.submitted(a.contributionId, a.datanetId, a.contributor, a.contentHash, at),
    ContributionBatchSubmitted: (
      a: { datanetId: bigint; contributor: string; firstContributionId: bigint; contentHashes: string[] },
      { at }: ChainEvent,
    ) => {
      for (const [i, hash] of a.contentHashes.entries()) {
        this.submitted(a.firstContributionId + BigInt(i), a.datanetId, a.contributor, hash, at);
      }
    },
    ContributionScored: (a: { contributionId: bigint; round: bigint }) => {
      this.contributions.get(a.contributionId)!.round = Number(a.round);
    },
    ContributionFinalized: (
      a: { contributionId: bigint; status: bigint; datanetVersion: bigint },
      { at }: ChainEvent,
    ) => {
      const contribution = this.contributions.get(a.contributionId)!;
      contribution.finalizedAt = at;
      if (a.status === 3n) return this.slash(contribution);
      contribution.status = Number(a.status);
      contribution.datanetVersion = a.datanetVersion;
      this.pending.delete(contribution);
      if (a.status === 1n) this.datanets.get(contribution.datanetId)!.accepted.push(contribution);
      else this.rejections.set(contribution.contributor, (this.rejections.get(contribution.contributor) ?? 0) + 1);
    },
    DisputeOpened: (a: { disputeId: bigint; contributionId: bigint }, { at }: ChainEvent) => {
      this.contributions.get(a.contributionId)!.isDisputed = true;
      this.disputes.set(a.disputeId, {
        id: a.disputeId,
        contributionId: a.contributionId,
        openedAt: at,
        isResolved: false,
      });
    },
    DisputeResolved: (a: { disputeId: bigint; upheld: boolean }) => {
      const dispute = this.disputes.get(a.disputeId)!;
      dispute.isResolved = true;
      const contribution = this.contributions.get(dispute.contributionId)!;
      contribution.isDisputed = false;
      if (a.upheld) this.slash(contribution);
    },
    ModelRegistered: (a: { modelId: bigint; builder: string }, { at }: ChainEvent) => {
      this.models.set(a.modelId, {
        id: a.modelId,
        builder: a.builder,
        registeredAt: at,
        latestVersion: 0,
        inputs: [],
        trainedAt: 0,
        prices: new Map(),
        adapterIds: [],
      });
    },
    TrainingRunRecorded: (
      a: { modelId: bigint; inputs: { datanetId: bigint; datanetVersion: bigint; weightPpm: bigint }[] },
      { at }: ChainEvent,
    ) => {
      const model = this.models.get(a.modelId)!;
      model.inputs = a.inputs.map(({ datanetId, datanetVersion, weightPpm }) => ({
        datanetId,
        version: datanetVersion,
        weightPpm,
      }));
      model.trainedAt = at;
    },
    ModelVersionPublished: (a: { modelId: bigint; version: bigint }) => {
      this.models.get(a.modelId)!.latestVersion = Number(a.version);
    },
    AdapterRegistered: (a: { adapterId: bigint; modelId: bigint; builder: string }) => {
      this.models.get(a.modelId)!.adapterIds.push(a.adapterId);
      const builders = this.adapterBuilders.get(a.modelId) ?? new Set();
      this.adapterBuilders.set(a.modelId, builders.add(a.builder));
    },
    PriceSet: (a: { modelId: bigint; token: string; per1kIn: bigint; per1kOut: bigint; platformFee: bigint }) => {
      const { per1kIn, per1kOut, platformFee } = a;
      this.models.get(a.modelId)!.prices.set(a.token, { per1kIn, per1kOut, platformFee });
    },
    FeedbackRecorded: (a: { inferenceId: string }) => {
      this.inferences.get(a.inferenceId)!.isRated = true;
    },
    CreditPurchased: (a: { user: string; creditAmount: bigint }) => {
      this.credits.set(a.user, (this.credits.get(a.user) ?? 0n) + a.creditAmount);
    },
    CreditConsumed: (a: { user: string; creditAmount: bigint }) => {
      this.credits.set(a.user, (this.credits.get(a.user) ?? 0n) - a.creditAmount);
    },
    InferenceSettled: (
      a: { inferenceId: string; modelId: bigint; user: string; receipt: { feeToken: string; fee: bigint } },
      { at }: ChainEvent,
    ) => {
      const inference: Inference = {
        id: a.inferenceId,
        modelId: a.modelId,
        user: a.user,
        token: a.receipt.feeToken,
        fee: a.receipt.fee,
        settledAt: at,
        // A free inference that isn't held is split without an event: there is nothing to split.
        isSplit: a.receipt.fee === 0n,
        refunded: 0n,
        attributedAt: 0,
        influences: [],
        isRated: false,
        isRevised: false,
      };
      this.inferences.set(a.inferenceId, inference);
      this.unattributed.add(inference);
      if (!inference.isSplit) this.unsplit.add(inference);
    },
    FeeSplit: (a: { inferenceId: string }) => {
      const inference = this.inferences.get(a.inferenceId)!;
      inference.isSplit = true;
      this.unsplit.delete(inference);
    },
    InferenceRefunded: (a: { inferenceId: string; amount: bigint }) => {
      const inference = this.inferences.get(a.inferenceId)!;
      inference.refunded += a.amount;
      if (inference.refunded < inference.fee) return;
      this.unsplit.delete(inference);
      this.unattributed.delete(inference);
    },
    AttributionCommitted: (a: { inferenceId: string }, { at }: ChainEvent) => {
      const inference = this.inferences.get(a.inferenceId)!;
      inference.attributedAt = at;
      this.unattributed.delete(inference);
    },
    InfluenceRecorded: (a: {
      inferenceId: string;
      datanetId: bigint;
      contributionId: bigint;
      influence: bigint;
      weightPpm: bigint;
    }) => {
      const { datanetId, contributionId, influence, weightPpm } = a;
      this.inferences.get(a.inferenceId)!.influences.push({ datanetId, contributionId, influence, weightPpm });
    },
    AttributionRevised: (a: { inferenceId: string }) => {
      const inference = this.inferences.get(a.inferenceId)!;
      inference.influences = [];
      inference.isRevised = true;
    },
    PoolCreated: (a: { poolId: string; kind: bigint; subjectId: bigint; token: string }, { at }: ChainEvent) => {
      this.pools.set(a.poolId, {
        id: a.poolId,
        kind: Number(a.kind),
        subjectId: a.subjectId,
        token: a.token,
        available: 0n,
        funded: new Map(),
        settledAt: at,
      });
    },
    PoolFunded: (a: { poolId: string; source: bigint; amount: bigint }, { at }: ChainEvent) => {
      const pool = this.pools.get(a.poolId)!;
      const source = Number(a.source);
      if (source === EMISSION) this.emittedAt = at;
      pool.available += a.amount;
      pool.funded.set(source, (pool.funded.get(source) ?? 0n) + a.amount);
    },
    RewardAccrued: (a: { poolId: string; beneficiary: string; amount: bigint }, { at }: ChainEvent) => {
      this.pools.get(a.poolId)!.available -= a.amount;
      this.paid.add(a.beneficiary);
      this.accrue(a.poolId, a.beneficiary, a.amount, at);
    },
    RewardReversed: (a: { poolId: string; beneficiary: string; amount: bigint }, { at }: ChainEvent) => {
      this.pools.get(a.poolId)!.available += a.amount;
      this.accrue(a.poolId, a.beneficiary, -a.amount, at);
    },
    RewardClaimed: (a: { poolId: string; beneficiary: string; amount: bigint }, { at }: ChainEvent) => {
      this.accrue(a.poolId, a.beneficiary, -a.amount, at);
    },
    EpochSettled: (a: { poolId: string; epoch: bigint }, { at }: ChainEvent) => {
      this.pools.get(a.poolId)!.settledAt = at;
      this.settledEpochs.add(`${a.poolId} ${a.epoch}`);
    },
    BondChanged: (
      a: { account: string; role: bigint; ref: string; delta: bigint; balance: bigint },
      { at }: ChainEvent,
    ) => {
      if (a.role === STAKER) {
        this.stakes.set(a.account, a.balance);
        if (a.delta > 0n) this.stakedAt.set(a.account, at);
      }
      // Role 0: of a contribution, which is its reference.
      if (a.role !== 0n) return;
      const contribution = this.contributions.get(BigInt(a.ref))!;
      contribution.bond += a.delta;
      if (contribution.bond > 0n) this.bonded.add(contribution);
      else this.bonded.delete(contribution);
    },
    ReputationChanged: (a: { account: string; datanetId: bigint; score: bigint }) => {
      this.reputation.set(`${a.account} ${a.datanetId}`, a.score);
    },
    ProposalCreated: (a: {
      proposalId: bigint;
      targets: string[];
      calldatas: string[];
      voteStart: bigint;
      voteEnd: bigint;
      description: string;
    }) => {
      this.proposals.set(a.proposalId, {
        id: a.proposalId,
        targets: a.targets,
        calldatas: a.calldatas,
        description: a.description,
        voteStart: Number(a.voteStart),
        voteEnd: Number(a.voteEnd),
        eta: 0,
        voters: new Set(),
        tally: [0n, 0n, 0n],
        isDone: false,
      });
    },
    VoteCast: (a: { proposalId: bigint; voter: string; support: bigint; weight: bigint }) => {
      const proposal = this.proposals.get(a.proposalId)!;
      proposal.voters.add(a.voter);
      proposal.tally[Number(a.support)]! += a.weight;
    },
    ProposalQueued: (a: { proposalId: bigint; etaSeconds: bigint }) => {
      this.proposals.get(a.proposalId)!.eta = Number(a.etaSeconds);
    },
    ProposalExecuted: (a: { proposalId: bigint }) => {
      this.proposals.get(a.proposalId)!.isDone = true;
    },
    ProposalCanceled: (a: { proposalId: bigint }) => {
      this.proposals.get(a.proposalId)!.isDone = true;
    },
  };
}

type Handler = (args: unknown, event: ChainEvent) => void;
