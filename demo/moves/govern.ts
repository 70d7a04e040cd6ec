import { Interface, id } from 'ethers';
import { artifactOf } from '../../contracts/artifacts';
import { PROPOSALS, VOTE_REASONS, WITHDRAWN_PROPOSAL } from '../catalogue';
import type { Call } from '../chainWriter';
import { traitOf } from '../dice';
import type { Proposal } from '../entities';
import { DAY, type Move, OPEN, type Scene } from '../scene';

const inferenceLedger = new Interface(artifactOf('InferenceLedger').abi);

function governor(from: string, method: string, args: unknown[]): Call {
  return { from, contract: 'OpenGovernor', method, args };
}

/** The next proposal of the schedule, when its day has come: new fee parameters, in effect three weeks later. */
export const propose: Move = ({ society, cast, day, now, addresses }) => {
  const next = PROPOSALS[society.proposals.size];
  if (!next || day < next.day) return [];
  const data = inferenceLedger.encodeFunctionData('setFeeParams', [[...next.bps, now + 12 * DAY]]);
  const from = cast.voters[society.proposals.size % cast.voters.length]!;
  return [governor(from, 'propose', [[addresses.InferenceLedger], [0], [data], next.description])];
};

const openProposals = ({ society }: Scene): Proposal[] =>
  [...society.proposals.values()].filter(({ isDone }) => !isDone);

/** A voter votes on what is open, in their own time. The first proposal finds too little support. */
export const vote: Move = (scene) => {
  const { cast, dice, now } = scene;
  for (const proposal of openProposals(scene)) {
    if (now <= proposal.voteStart || now > proposal.voteEnd) continue;
    const isWithdrawn = proposal.description === PROPOSALS[WITHDRAWN_PROPOSAL]!.description;
    const voter = isWithdrawn ? undefined : cast.voters.find((each) => !proposal.voters.has(each));
    if (!voter || dice.chance(0.5)) continue;
    const isFirst = proposal.description === PROPOSALS[0]!.description;
    const opposition = isFirst ? 0.75 : cast.voters.indexOf(voter) < 3 ? 0 : 0.25;
    const support = traitOf(`${voter} ${proposal.description}`) < opposition ? 0 : 1;
    return [governor(voter, 'castVoteWithReason', [proposal.id, support, dice.pick(VOTE_REASONS)!])];
  }
  return [];
};

/** One proposal is taken back by who proposed it, before the vote. */
export const withdraw: Move = (scene) => {
  const description = PROPOSALS[WITHDRAWN_PROPOSAL]!.description;
  const proposal = openProposals(scene).find((each) => each.description === description);
  if (!proposal || scene.now >= proposal.voteStart) return [];
  const from = scene.cast.voters[WITHDRAWN_PROPOSAL % scene.cast.voters.length]!;
  return [governor(from, 'cancel', operationOf(proposal))];
};

/** What the vote decided is queued, and carried out a day later. */
export const carryOut: Move = (scene) => {
  const { society, now, cast } = scene;
  for (const proposal of openProposals(scene)) {
    if (now <= proposal.voteEnd || !society.isCarried(proposal)) continue;
    const from = cast.voters[0]!;
    if (proposal.eta === 0) return [governor(from, 'queue', operationOf(proposal))];
    if (now >= proposal.eta) return [governor(from, 'execute', operationOf(proposal))];
  }
  return [];
};

function operationOf({ targets, calldatas, description }: Proposal): unknown[] {
  return [targets, targets.map(() => 0), calldatas, id(description)];
}

/** OPEN moves between people: the ordinary life of a token. */
export const transfer: Move = ({ cast, dice, day }) => {
  const people = cast.users.filter(({ joinsOn, paysTokens }) => joinsOn <= day && paysTokens);
  const from = dice.pick(people);
  const to = dice.pick(cast.contributors.filter(({ joinsOn }) => joinsOn <= day));
  if (!from || !to) return [];
  const args = [to.address, (OPEN * BigInt(dice.skewed(1, 300))) / 10n];
  return [{ from: from.address, contract: 'OpenToken', method: 'transfer', args }];
};
