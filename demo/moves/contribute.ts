import { id } from 'ethers';
import type { Contributor } from '../cast';
import { demandOf } from '../cast';
import type { Datanet } from '../entities';
import { DAY, type Move, OPEN, type Scene } from '../scene';

const TRUSTED = 500n;
const LICENCES = ['CC-BY-4.0', 'CC0-1.0', 'ODbL-1.0', 'LicenseRef-OpenLedger-Data-1.0'];

/** Who contributes now: the active ones most, those who were paid come back, those whose work was refused stay away. */
function contributor({ cast, society, dice, day }: Scene): Contributor | undefined {
  return dice.weighted(cast.contributors, ({ address, activity, joinsOn, skill }) => {
    if (joinsOn > day) return 0;
    const refused = society.rejections.get(address) ?? 0;
    if (skill < 0.4 && refused >= 4) return 0;
    return activity * (society.paid.has(address) ? 1.7 : 1);
  });
}

/** Mostly home; sometimes where the demand is. */
function destination({ society, dice }: Scene, { home }: Contributor): Datanet | undefined {
  const open = [...society.datanets.values()].filter(({ active }) => active);
  const own = open.find((datanet) => Number(datanet.id) - 1 === home);
  if (own && dice.chance(0.7)) return own;
  return dice.weighted(open, (datanet) => demandOf(Number(datanet.id) - 1) + 0.02);
}

function bondOf({ society, dice }: Scene, account: string, datanet: Datanet): bigint {
  if (society.reputationOf(account, datanet.id) >= TRUSTED) return 0n;
  return dice.chance(0.8) ? OPEN : 2n * OPEN;
}

/** One contribution; poor contributors sometimes bring what is there already. */
export const submit: Move = (scene) => {
  const { dice } = scene;
  const who = contributor(scene);
  const datanet = who && destination(scene, who);
  if (!who || !datanet) return [];
  const copied = who.skill < 0.4 && dice.chance(0.25) ? dice.pick(datanet.accepted)?.contentHash : undefined;
  const contentHash = copied ?? dice.bytes32();
  const bond = bondOf(scene, who.address, datanet);
  const licence = id(LICENCES[Number(datanet.id) % LICENCES.length]!);
  const uri = `ipfs://bafybei${contentHash.slice(2, 54)}`;
  const args = [datanet.id, contentHash, dice.skewed(2_000, 8_000_000), licence, bond, uri];
  return [{ from: who.address, contract: 'ContributionRegistry', method: 'submit', args, value: bond }];
};

/** A good contributor brings several at once. */
export const submitBatch: Move = (scene) => {
  const { dice } = scene;
  const who = contributor(scene);
  const datanet = who && who.skill > 0.6 ? destination(scene, who) : undefined;
  if (!who || !datanet) return [];
  const bond = bondOf(scene, who.address, datanet);
  const hashes = Array.from({ length: dice.between(2, 5) }, () => dice.bytes32());
  const args = [datanet.id, hashes, bond];
  const value = bond * BigInt(hashes.length);
  return [{ from: who.address, contract: 'ContributionRegistry', method: 'submitBatch', args, value }];
};

/** A contributor says which earlier contribution of a datanet a new one supersedes or derives from. */
export const link: Move = ({ society, dice }) => {
  const contribution = dice.pick([...society.pending]);
  const datanet = contribution && society.datanets.get(contribution.datanetId);
  const other = datanet && dice.pick(datanet.accepted);
  if (!contribution || !other) return [];
  const relation = other.contributor === contribution.contributor ? 1 : 2;
  const args = [contribution.id, other.id, relation];
  return [{ from: contribution.contributor, contract: 'ContributionRegistry', method: 'link', args }];
};

/** Somebody disputes work that was accepted lately: the poorer it is, the likelier. */
export const dispute: Move = (scene) => {
  const { society, cast, dice, now } = scene;
  const open = [...society.bonded].filter(
    ({ status, isDisputed, finalizedAt }) => status === 1 && !isDisputed && now < finalizedAt + 2.5 * DAY,
  );
  const skills = new Map(cast.contributors.map(({ address, skill }) => [address, skill]));
  const target = dice.weighted(open, ({ contributor }) => (1.1 - (skills.get(contributor) ?? 0.6)) ** 4);
  const challenger = dice.pick(cast.contributors.filter(({ joinsOn }) => joinsOn <= scene.day));
  if (!target || !challenger || challenger.address === target.contributor) return [];
  const { address } = challenger;
  return [{ from: address, contract: 'ContributionRegistry', method: 'openDispute', args: [target.id], value: OPEN }];
};
