import { demandOf } from '../cast';
import { described, MODELS, metadataOf, ON_EMISSIONS_ALONE } from '../catalogue';
import type { Call } from '../chainWriter';
import { traitOf } from '../dice';
import type { Datanet, Model } from '../entities';
import { type Move, NATIVE, NO_BYTES, OPEN, type Scene } from '../scene';

/** The builder of the nth model, and the day from which on it can be registered. */
function plan({ cast }: Scene, n: number) {
  const builder = cast.builders[n % cast.builders.length]!;
  return { builder, day: n < 2 ? 4 : 4 + Math.floor((n / cast.modelCount) ** 1.2 * 44) };
}

/** The day's models are registered; some descend from an earlier one. */
export const registerModels: Move = (scene) => {
  const { society, cast, day } = scene;
  const calls: Call[] = [];
  for (let n = society.models.size; n < cast.modelCount && plan(scene, n).day <= day; n++) {
    const { hash, uri } = metadataOf(described(MODELS, n));
    const parent = n >= 3 && n % 3 === 0 ? n / 3 : 0;
    const args = [parent, hash, uri];
    calls.push({ from: plan(scene, n).builder, contract: 'ModelRegistry', method: 'registerModel', args });
  }
  return calls;
};

/** Datanets with a published version that models may want. */
function trainable({ society }: Scene): Datanet[] {
  return [...society.datanets.values()].filter(
    ({ id, latestVersion, published }) => latestVersion > 0n && published > 0 && Number(id) - 1 !== ON_EMISSIONS_ALONE,
  );
}

/** What a model is trained on: what it was trained on before, and now and then something that is in demand. */
function inputsFor(scene: Scene, model: Model): Datanet[] {
  const { dice } = scene;
  const candidates = trainable(scene);
  const known = new Set(model.inputs.map(({ datanetId }) => datanetId));
  const chosen = candidates.filter(({ id }) => known.has(id));
  const wanted = chosen.length === 0 ? dice.between(2, 4) : chosen.length + (dice.chance(0.5) ? 1 : 0);
  // Every model has a domain of its own, which may be far from where the demand is.
  const isDomain = ({ id }: Datanet) =>
    Number(id) === 1 + Math.floor(candidates.length * traitOf(`domain ${model.id}`));
  while (chosen.length < Math.min(wanted, candidates.length, 6)) {
    const rest = candidates.filter((each) => !chosen.includes(each));
    const next = dice.weighted(rest, (each) => demandOf(Number(each.id) - 1) + (isDomain(each) ? 1 : 0.06));
    if (!next) break;
    chosen.push(next);
  }
  return chosen;
}

/** A model that is new, or whose data has grown, is trained and published; a new one gets its prices. */
export const train: Move = (scene) => {
  const { society, dice, now, pace, addresses } = scene;
  const due = [...society.models.values()].find((model) => {
    if (model.trainedAt === 0) return trainable(scene).length > 0;
    const grown = model.inputs.some(
      ({ datanetId, version }) => society.datanets.get(datanetId)!.latestVersion > version,
    );
    return grown && now >= model.trainedAt + pace.train * (0.7 + 0.8 * traitOf(`${model.id} patience`));
  });
  if (!due) return [];
  const datanets = inputsFor(scene, due);
  if (datanets.length === 0) return [];
  const demands = datanets.map(({ id }) => demandOf(Number(id) - 1) + 0.04);
  const total = demands.reduce((sum, each) => sum + each, 0);
  const weights = demands.map((each) => Math.floor((each / total) * 1_000_000));
  weights[0]! += 1_000_000 - weights.reduce((sum, each) => sum + each, 0);
  const runId = dice.bytes32();
  const inputs = datanets.map(({ id, latestVersion }, i) => [id, latestVersion, weights[i]]);
  const from = due.builder;
  const by = (method: string, args: unknown[]): Call => ({ from, contract: 'ModelRegistry', method, args });
  const calls = [
    by('recordTrainingRun', [runId, due.id, dice.bytes32(), dice.bytes32(), inputs]),
    by('publishVersion', [due.id, runId, dice.bytes32(), Number(due.id) % 3]),
  ];
  if (due.prices.size > 0) return calls;
  const { OpenToken, TestDollar } = addresses;
  const unit = OPEN / 1_000n;
  const level = BigInt(dice.skewed(800, 6_000));
  calls.push(by('setPrice', [due.id, NATIVE, level * unit, 3n * level * unit, unit * 10n]));
  if (Number(due.id) % 3 === 1) calls.push(by('setPrice', [due.id, OpenToken, level * unit, 3n * level * unit, 0]));
  if (Number(due.id) % 4 === 2) calls.push(by('setPrice', [due.id, TestDollar, 600_000, 1_800_000, 50_000]));
  return calls;
};

/** Demand moves a price. The smallest models become free in OPEN's ERC-20, as a taste. */
export const reprice: Move = ({ society, dice, addresses }) => {
  const model = dice.pick([...society.models.values()].filter(({ prices }) => prices.has(NATIVE)));
  if (!model) return [];
  const from = model.builder;
  const price = (token: string, args: bigint[]): Call[] => [
    { from, contract: 'ModelRegistry', method: 'setPrice', args: [model.id, token, ...args] },
  ];
  if (Number(model.id) % 5 === 0) return price(addresses.OpenToken, [0n, 0n, 0n]);
  const { per1kIn, per1kOut, platformFee } = model.prices.get(NATIVE)!;
  const percent = BigInt(dice.between(80, 120));
  return price(NATIVE, [(per1kIn * percent) / 100n, (per1kOut * percent) / 100n, platformFee]);
};

/** Somebody builds an adapter on a model that is used. */
export const registerAdapter: Move = ({ society, cast, dice }) => {
  const model = dice.weighted([...society.models.values()], ({ id, latestVersion }) =>
    latestVersion > 0 ? demandOf(Number(id) - 1) : 0,
  );
  if (!model || model.adapterIds.length >= 4) return [];
  const from = dice.pick(cast.builders)!;
  const args = [model.id, model.latestVersion, NO_BYTES, dice.bytes32()];
  return [{ from, contract: 'ModelRegistry', method: 'registerAdapter', args }];
};
