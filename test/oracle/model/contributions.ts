import type { Chain, Submission } from './chain';
import { DECISIONS, nameOfCode, RELATIONS } from './codes';
import type { Fact } from './fact';
import { accountId, connections, float, idOf, type JsonObject, type Row } from './json';
import { Purse } from './money';
import { rewardsOfContribution } from './rewards';

export interface Decision {
  status: string;
  /** The latest ContributionFinalized. */
  finalized: Fact | null;
}

/** The latest of ContributionFinalized and DisputeResolved with `upheld` (SLASHED); PENDING without either. */
export function decisionOn(chain: Chain, contributionId: bigint): Decision {
  return chain.memo(`decision on ${contributionId}`, () => {
    const finalized = chain.where('ContributionFinalized', 'contributionId', contributionId).at(-1) ?? null;
    const upheld = disputesOf(chain, contributionId)
      .flatMap((dispute) => chain.where('DisputeResolved', 'disputeId', dispute.big('disputeId')))
      .filter((resolved) => resolved.flag('upheld'));
    const slashed = upheld.some((resolved) => !finalized || resolved.seq > finalized.seq);
    if (slashed) return { status: 'SLASHED', finalized };
    return { status: finalized ? nameOfCode(DECISIONS, finalized.big('status')) : 'PENDING', finalized };
  });
}

/** The disputes that exist and are about a contribution, by their first DisputeOpened. */
function disputesOf(chain: Chain, contributionId: bigint): Fact[] {
  return [...chain.disputes.values()].filter((dispute) => dispute.big('contributionId') === contributionId);
}

/** Which of the loop's stages a contribution reached, and where. */
function progress(chain: Chain, { id, datanetId }: Submission, { status, finalized }: Decision) {
  const version = finalized ? finalized.big('datanetVersion') : null;
  // Neither versions of a datanet never created nor training on them exist.
  const exists = version !== null && chain.datanets.has(String(datanetId));
  const published = exists
    ? chain.versions('DatanetVersionPublished', datanetId).find((fact) => fact.big('version') >= version)
    : undefined;
  const trained = exists
    ? [...chain.runs.values()].find((run) =>
        inputsOf(run).some((input) => input.datanetId === datanetId && input.datanetVersion >= version),
      )
    : undefined;
  const influence = chain.weighty('contributionId', id)[0];
  const reward = rewardsOfContribution(chain, id)[0]?.fact;
  const scored = chain.where('ContributionScored', 'contributionId', id).length > 0;
  const stage = reward
    ? 'PAID'
    : status === 'PENDING'
      ? scored
        ? 'UNDECIDED'
        : 'UNSCORED'
      : status === 'REJECTED' || status === 'SLASHED'
        ? 'REJECTED'
        : !published
          ? 'NOT_IN_A_VERSION'
          : !trained
            ? 'NOT_TRAINED_ON'
            : !influence
              ? 'NEVER_INFLUENTIAL'
              : 'UNREWARDED';
  return { stage, published, trained, influence, reward };
}

export function inputsOf(run: Fact): { datanetId: bigint; datanetVersion: bigint; weightPpm: bigint }[] {
  return run.list('inputs') as unknown as ReturnType<typeof inputsOf>;
}

export function contributionRows(chain: Chain): Row[] {
  return [...chain.contributions.values()].map((submission) => contributionRow(chain, submission));
}

function contributionRow(chain: Chain, submission: Submission): Row {
  const { id, datanetId, contributor, fact } = submission;
  const decision = decisionOn(chain, id);
  const { finalized } = decision;
  const { stage, published, trained, influence, reward } = progress(chain, submission, decision);
  const scorePpm = finalized?.big('scorePpm') ?? null;
  const influenceCount = new Set(chain.weighty('contributionId', id).map((edge) => edge.text('inferenceId'))).size;
  const earned = new Purse();
  for (const { token, amount } of rewardsOfContribution(chain, id)) earned.add(token, amount);
  const datanet = idOf('datanet', chain.chainId, datanetId);
  return {
    node: {
      id: idOf('contribution', chain.chainId, id),
      chainId: chain.chainId,
      contributionId: String(id),
      datanetId: String(datanetId),
      datanet: chain.datanets.has(String(datanetId)) ? { id: datanet } : null,
      contributor: { id: accountId(contributor) },
      contentHash: submission.contentHash,
      sizeBytes: submission.sizeBytes === null ? null : String(submission.sizeBytes),
      licenseId: submission.licenseId,
      uri: submission.uri,
      bond: String(submission.bond),
      status: decision.status,
      score: scorePpm === null ? null : float(Number(scorePpm) / 1e6),
      scorePpm: scorePpm === null ? null : String(scorePpm),
      decisionReason: finalized ? Number(finalized.big('reason')) : null,
      datanetVersion: finalized ? String(finalized.big('datanetVersion')) : null,
      ...connections({
        scores: chain.where('ContributionScored', 'contributionId', id).map((fact) => ({
          place: fact.place(),
          node: scoreNode(fact),
        })),
        disputes: disputesOf(chain, id).map((fact) => ({
          place: fact.place(),
          node: { id: idOf('dispute', chain.chainId, fact.big('disputeId')) },
        })),
        links: chain.where('ContributionLinked', 'contributionId', id).map((fact) => ({
          place: fact.place(),
          node: linkNode(chain, fact),
        })),
        influences: chain.currentInfluences('contributionId', id).map((fact) => ({
          place: fact.place(),
          node: { id: fact.id('influence') },
        })),
      }),
      influenceCount,
      earned: earned.json(),
      stage,
      submittedAt: fact.provenance(),
      finalizedAt: finalized?.provenance() ?? null,
      inVersionAt: published?.provenance() ?? null,
      trainedAt: trained?.provenance() ?? null,
      firstInfluenceAt: influence?.provenance() ?? null,
      firstRewardAt: reward?.provenance() ?? null,
    },
    place: fact.place(submission.item),
    keys: {
      chainId: [String(chain.chainId)],
      datanet: [datanet],
      contributor: [contributor],
      status: [decision.status],
      contentHash: [submission.contentHash],
    },
    ranges: { block: BigInt(fact.block.number), submittedAt: BigInt(fact.block.timestamp) * 1000n },
    orders: { SCORE: scorePpm, INFLUENCES: influenceCount },
    money: { EARNED: earned.amounts },
  };
}

function scoreNode(fact: Fact): JsonObject {
  return {
    curator: { id: accountId(fact.text('curator')) },
    round: String(fact.big('round')),
    score: float(Number(fact.big('scorePpm')) / 1e6),
    scorePpm: String(fact.big('scorePpm')),
    evidenceHash: fact.text('evidenceHash'),
    at: fact.provenance(),
  };
}

function linkNode(chain: Chain, fact: Fact): JsonObject {
  const otherId = fact.big('otherId');
  return {
    otherId: String(otherId),
    other: chain.contributions.has(String(otherId)) ? { id: idOf('contribution', chain.chainId, otherId) } : null,
    relation: nameOfCode(RELATIONS, fact.big('relation')),
    at: fact.provenance(),
  };
}

export function disputeRows(chain: Chain): Row[] {
  return [...chain.disputes.values()].map((opened) => {
    const disputeId = opened.big('disputeId');
    const contributionId = opened.big('contributionId');
    const resolved = chain.where('DisputeResolved', 'disputeId', disputeId).at(-1) ?? null;
    const beneficiary = resolved?.text('beneficiary') ?? null;
    return {
      node: {
        id: idOf('dispute', chain.chainId, disputeId),
        chainId: chain.chainId,
        disputeId: String(disputeId),
        contributionId: String(contributionId),
        contribution: chain.contributions.has(String(contributionId))
          ? { id: idOf('contribution', chain.chainId, contributionId) }
          : null,
        challenger: { id: accountId(opened.text('challenger')) },
        bond: String(opened.big('bond')),
        resolved: resolved !== null,
        upheld: resolved?.flag('upheld') ?? null,
        slashed: resolved ? String(resolved.big('slashed')) : null,
        // "zero: null" goes before the rule that the zero address is shown.
        beneficiary: beneficiary === null || /^0x0+$/.test(beneficiary) ? null : { id: accountId(beneficiary) },
        openedAt: opened.provenance(),
        resolvedAt: resolved?.provenance() ?? null,
      },
      place: opened.place(),
      keys: { chainId: [String(chain.chainId)] },
      ranges: {},
      orders: {},
      money: {},
    };
  });
}
