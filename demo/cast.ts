import { getAddress, id } from 'ethers';
import { DATANETS, MODELS } from './catalogue';
import { traitOf } from './dice';

export interface Contributor {
  address: string;
  /** Quality of the work, in [0, 1]; below 0.35 it is mostly rejected. */
  skill: number;
  /** Relative: few do most. */
  activity: number;
  /** The day of the history on which the contributor comes. */
  joinsOn: number;
  /** Index of the datanet they feel at home in. */
  home: number;
}

export interface User {
  address: string;
  activity: number;
  joinsOn: number;
  /** Pays in the ERC-20s where a model takes them. */
  paysTokens: boolean;
}

export interface Cast {
  officers: Record<
    'deployer' | 'arbiter' | 'settler' | 'attributor' | 'treasurer' | 'epochSettler' | 'treasury',
    string
  >;
  contributors: Contributor[];
  users: User[];
  builders: string[];
  curators: string[];
  stakers: string[];
  voters: string[];
  datanetCount: number;
  modelCount: number;
}

/** Who plays, for a seed and a size. Nobody has a key: the local chain takes anybody's word. */
export function castOf(seed: number, events: number): Cast {
  const person = (role: string, n = 0) => getAddress(`0x${id(`flywheel ${seed} ${role} ${n}`).slice(-40)}`);
  const many = (role: string, count: number) => Array.from({ length: count }, (_, n) => person(role, n));
  const size = events / 5_000;
  const scaled = (base: number, power: number, low: number, high: number) =>
    Math.min(high, Math.max(low, Math.round(base * size ** power)));
  const datanetCount = scaled(20, 0.5, 9, DATANETS.length * 4);
  const modelCount = scaled(11, 0.5, 6, MODELS.length * 4);
  const contributors = many('contributor', scaled(60, 0.6, 24, 3_000)).map((address, n) => ({
    address,
    skill: n % 5 === 3 ? 0.1 + 0.2 * traitOf(`${address} skill`) : 0.55 + 0.45 * traitOf(`${address} skill`),
    activity: 1 / (n + 3) ** 0.7,
    joinsOn: n < 8 ? 0 : Math.floor(52 * traitOf(`${address} joins`) ** 1.2),
    // Popular datanets attract more; every one has somebody.
    home: n < datanetCount ? n : Math.floor(datanetCount * traitOf(`${address} home`) ** 2.2),
  }));
  const users = many('user', scaled(40, 0.6, 15, 2_000)).map((address, n) => ({
    address,
    activity: 1 / (n + 1) ** 0.8,
    joinsOn: n < 5 ? 0 : Math.floor(50 * traitOf(`${address} joins`)),
    paysTokens: n % 6 === 1,
  }));
  return {
    officers: {
      deployer: person('deployer'),
      arbiter: person('arbiter'),
      settler: person('gateway'),
      attributor: person('attributor'),
      treasurer: person('treasurer'),
      epochSettler: person('epoch settler'),
      treasury: person('treasury'),
    },
    contributors,
    users,
    builders: many('builder', Math.max(4, Math.ceil(modelCount * 0.7))),
    curators: many('curator', Math.max(5, Math.ceil(datanetCount * 0.6))),
    stakers: many('staker', scaled(6, 0.3, 4, 20)),
    voters: many('voter', scaled(7, 0.3, 5, 25)),
    datanetCount,
    modelCount,
  };
}

/** Everyone who sends transactions. */
export function everyoneOf(cast: Cast): string[] {
  return [
    ...Object.values(cast.officers),
    ...cast.contributors.map(({ address }) => address),
    ...cast.users.map(({ address }) => address),
    ...cast.builders,
    ...cast.curators,
    ...cast.stakers,
    ...cast.voters,
  ];
}

/** How much a datanet is in demand, by its index in the order of founding: few are wanted by nearly everyone. */
export function demandOf(index: number): number {
  return 1 / (index + 1) ** 0.95;
}
