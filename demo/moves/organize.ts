import { DATANETS, described, metadataOf, ON_EMISSIONS_ALONE } from '../catalogue';
import type { Call } from '../chainWriter';
import { traitOf } from '../dice';
import type { Contribution, Datanet } from '../entities';
import { DAY, HOUR, isMissing, type Move, NO_BYTES, type Scene } from '../scene';

const CURATORS_PER_DATANET = 2;

/** The owner of the nth datanet, and the day on which it is founded: the first few are there from the start. */
export function foundingOf({ cast }: Scene, n: number) {
  const owner = cast.curators[n % cast.curators.length]!;
  return {
    owner,
    day: n < 4 ? 0 : n === ON_EMISSIONS_ALONE ? 2 : Math.floor(((n - 3) / cast.datanetCount) ** 1.3 * 44),
  };
}

/** Datanets whose day has come are founded, with their curators. */
export const foundDatanets: Move = (scene) => {
  const { cast, society, day, dice } = scene;
  const calls: Call[] = [];
  for (let n = society.datanets.size; n < cast.datanetCount && foundingOf(scene, n).day <= day; n++) {
    const { owner } = foundingOf(scene, n);
    const template = described(DATANETS, n);
    const { hash, uri } = metadataOf(template);
    const transactionId = n % 3 === 0 ? NO_BYTES : dice.bytes32();
    const args = [transactionId, template.dataType, hash, uri];
    calls.push({ from: owner, contract: 'DatanetRegistry', method: 'createDatanet', args });
    const datanetId = BigInt(n + 1);
    for (let i = 0; i < CURATORS_PER_DATANET; i++) {
      const curator = i === 0 ? owner : cast.curators[(n + 1 + i * 2) % cast.curators.length]!;
      if (i > 0 && curator === owner) continue;
      const set = [datanetId, curator, true, i === 0 ? 3 : 2];
      calls.push({ from: owner, contract: 'DatanetRegistry', method: 'setCurator', args: set });
    }
  }
  return calls;
};

/** How good a contribution is, as its curators see it: mostly the contributor's skill. */
export function qualityOf({ cast }: Scene, contribution: Contribution): number {
  const skill = cast.contributors.find(({ address }) => address === contribution.contributor)?.skill ?? 0.6;
  return Math.min(1, Math.max(0, skill + 0.3 * (traitOf(`${contribution.contentHash} quality`) - 0.5)));
}

function isRipe({ pace, now }: Scene, { id, submittedAt, contentHash }: Contribution): boolean {
  const [low, high] = pace.decide;
  return now >= submittedAt + low + (high - low) * traitOf(`${id} ${contentHash} decided`);
}

/** Curators score what has waited long enough, one datanet at a time, and close the scoring. */
export const decideContributions: Move = (scene) => {
  const { society, dice } = scene;
  const ripe = [...society.pending].filter((each) => isRipe(scene, each));
  const datanet = ripe[0] && society.datanets.get(ripe[0].datanetId);
  if (!datanet || datanet.curators.size === 0) return [];
  // Usually none was scored before; one that was, and not decided, gets another round.
  const { round: lastRound } = ripe[0]!;
  const mine = ripe.filter((each) => each.datanetId === datanet.id && each.round === lastRound).slice(0, 6);
  const curators = [...datanet.curators.keys()];
  const contributionIds = mine.map(({ id }) => id);
  const calls: Call[] = [];
  const score = (curator: string, round: number) => {
    const scores = mine.map((each) => {
      const seen = qualityOf(scene, each) + 0.1 * (dice.next() - 0.5);
      return Math.round(1_000_000 * Math.min(1, Math.max(0, seen)));
    });
    const args = [contributionIds, round, scores, dice.bytes32()];
    calls.push({ from: curator, contract: 'ContributionRegistry', method: 'score', args });
  };
  score(curators[0]!, lastRound + 1);
  if (curators[1] && dice.chance(0.35)) score(curators[1], lastRound + 1);
  // A second round, where the first left doubts.
  if (dice.chance(0.05)) score(curators.at(-1)!, lastRound + 2);
  calls.push({ from: curators[0]!, contract: 'ContributionRegistry', method: 'finalize', args: [contributionIds] });
  return calls;
};

/** A datanet with enough new accepted contributions publishes a version. */
export const publishVersion: Move = ({ society, dice, now, pace }) => {
  const due = [...society.datanets.values()].find(
    ({ accepted, published, versionAt, latestVersion }) =>
      accepted.length - published >= (latestVersion === 0n ? 1 : 3) && now >= versionAt + pace.publish,
  );
  if (!due) return [];
  const args = [due.id, dice.bytes32(), due.accepted.length, dice.bytes32()];
  return [{ from: due.owner, contract: 'DatanetRegistry', method: 'publishVersion', args }];
};

/** Bonds that are free go back to their contributors. */
export const releaseBonds: Move = ({ society, cast, now }) => {
  const free = [...society.bonded].filter(
    ({ status, finalizedAt, isDisputed }) =>
      status === 2 || (status === 1 && !isDisputed && now > finalizedAt + 3 * DAY + HOUR),
  );
  if (free.length === 0) return [];
  const contributionIds = free.slice(0, 8).map(({ id }) => id);
  const from = cast.officers.epochSettler;
  return [{ from, contract: 'ContributionRegistry', method: 'releaseBonds', args: [contributionIds] }];
};

/** The arbiter resolves a dispute: poor work was rightly challenged, good work wrongly. */
export const resolveDispute: Move = (scene) => {
  const { society, cast, now, pace } = scene;
  const due = [...society.disputes.values()].find((each) => !each.isResolved && now >= each.openedAt + pace.resolve);
  if (!due) return [];
  const isUpheld = qualityOf(scene, society.contributions.get(due.contributionId)!) < 0.62;
  const args = [due.id, isUpheld];
  return [{ from: cast.officers.arbiter, contract: 'ContributionRegistry', method: 'resolveDispute', args }];
};

/** Poison among what is pending is condemned before anyone scores it. */
export const condemn: Move = (scene) => {
  const { society, cast } = scene;
  // A bond that is taken funds the datanet's pool; the one that lives on emissions alone is judged by its curators.
  const poison = [...society.pending].find(
    (each) => each.bond > 0n && Number(each.datanetId) - 1 !== ON_EMISSIONS_ALONE && qualityOf(scene, each) < 0.14,
  );
  if (!poison) return [];
  const args = [poison.id, 3];
  return [{ from: cast.officers.arbiter, contract: 'ContributionRegistry', method: 'condemn', args }];
};

/** Events that only housekeeping brings. */
export const HOUSEKEEPING = ['DatanetUpdated', 'DatanetOwnershipTransferred'] as const;

/** Housekeeping of an owner: a better description, a pause, a curator more or less, a handover. */
export const keepDatanet: Move = (scene) => {
  const { society, dice, cast } = scene;
  const datanet = dice.pick([...society.datanets.values()]);
  if (!datanet) return [];
  const from = datanet.owner;
  const template = described(DATANETS, Number(datanet.id) - 1);
  const never = HOUSEKEEPING.find((event) => isMissing(scene, event));
  const chance = never ? HOUSEKEEPING.indexOf(never) : dice.next();
  if (chance < 0.5 || !datanet.active) {
    // What is in demand isn't paused; what was paused goes on.
    const status = datanet.active && isMinor(datanet) && dice.chance(0.3) ? 1 : 0;
    const description = `${template.description} ${datanet.accepted.length} items accepted so far.`;
    const { hash, uri } = metadataOf({ name: template.name, description });
    return [{ from, contract: 'DatanetRegistry', method: 'updateDatanet', args: [datanet.id, status, hash, uri] }];
  }
  const curator = dice.pick(cast.curators)!;
  if (chance < 0.85) {
    if (datanet.curators.has(curator) && (curator === from || datanet.curators.size < 2)) return [];
    const args = [datanet.id, curator, !datanet.curators.has(curator), 1];
    return [{ from, contract: 'DatanetRegistry', method: 'setCurator', args }];
  }
  if (curator === from || !isMinor(datanet)) return [];
  return [{ from, contract: 'DatanetRegistry', method: 'transferOwnership', args: [datanet.id, curator] }];
};

/** Neither among those that the economy rests on, nor the one that lives on emissions. */
function isMinor({ id }: Datanet): boolean {
  return id > 5n && Number(id) - 1 !== ON_EMISSIONS_ALONE;
}
