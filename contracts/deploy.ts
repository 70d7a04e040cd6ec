import { ContractFactory, getCreateAddress, Interface, id, type Signer, ZeroAddress } from 'ethers';
import { artifactOf, CONTRACT_NAMES, type ContractName } from './artifacts';

export type Addresses = Record<ContractName, string>;

/** Who works for the protocol. Every address may be the same one. */
export interface Officers {
  arbiter: string;
  settler: string;
  attributor: string;
  treasurer: string;
  epochSettler: string;
  /** Receives the platform's rewards. */
  treasury: string;
}

export interface DeployOptions {
  officers: Officers;
  /** Native OPEN or the ERC-20; bonds are held in one token. */
  bondToken?: 'native' | 'OpenToken';
  minBondWei?: bigint;
  disputeSeconds?: number;
  bondHoldSeconds?: number;
  epochSeconds?: number;
  /** The most that the emission allocation releases in an epoch. */
  emissionLimitWei?: bigint;
  votingDelaySeconds?: number;
  votingPeriodSeconds?: number;
  queueSeconds?: number;
  proposalThresholdWei?: bigint;
  quorumWei?: bigint;
  /** Wei; for a chain where gas costs nothing (0n). Left out: as the signer sees fit. */
  gasPrice?: bigint;
  /** Called between sending and waiting, for a chain that mines only when told to. */
  mine?: () => Promise<void>;
}

const OPEN = 10n ** 18n;
const DAY = 86_400;
/** Explicit, so that nothing is estimated on a chain whose pending transactions it depends on. */
const DEPLOY_GAS = 12_000_000;

/** Roles of people, by the officer that has them, and of contracts; the names are those of contracts/Roles.sol. */
const OFFICER_ROLES = [
  ['ARBITER', 'arbiter'],
  ['SETTLER', 'settler'],
  ['ATTRIBUTOR', 'attributor'],
  ['TREASURER', 'treasurer'],
  ['EPOCH_SETTLER', 'epochSettler'],
] as const;

const CONTRACT_ROLES = [
  ['BOND_KEEPER', 'ContributionRegistry'],
  ['FEE_FUNDER', 'InferenceLedger'],
  ['EMISSION_FUNDER', 'EmissionAllocation'],
  ['SLASH_FUNDER', 'RiskLedger'],
  ['ACCRUER', 'InferenceLedger'],
  ['ACCRUER', 'AttributionLedger'],
  ['CREDIT_SPENDER', 'InferenceLedger'],
  ['LEG_SPENDER', 'AttributionLedger'],
  ['PARAMETERS', 'OpenGovernor'],
] as const;

/**
 * Deploys the whole loop and wires it. The contracts know each other by addresses computed from the deployer's nonce,
 * so that none of them needs a setter. The deployer holds all of OPEN's and of the test dollar's supply, may grant roles,
 * and may set parameters beside the governor. Needs a signer that sends nothing else meanwhile.
 */
export async function deploy(signer: Signer, options: DeployOptions): Promise<Addresses> {
  const deployer = await signer.getAddress();
  const firstNonce = await signer.getNonce('pending');
  const addresses = Object.fromEntries(
    CONTRACT_NAMES.map((name, i) => [name, getCreateAddress({ from: deployer, nonce: firstNonce + i })]),
  ) as Addresses;
  const { gasPrice } = options;
  const settings = { nonce: firstNonce, gasLimit: DEPLOY_GAS, ...(gasPrice === undefined ? {} : { gasPrice }) };
  const sent = [];
  for (const name of CONTRACT_NAMES) {
    const { abi, bytecode } = artifactOf(name);
    const creation = await new ContractFactory(abi, bytecode).getDeployTransaction(
      ...constructorArguments(name, addresses, deployer, options),
    );
    sent.push(await signer.sendTransaction({ ...creation, ...settings }));
    settings.nonce++;
  }
  const roles = new Interface(artifactOf('Roles').abi);
  const grants: [role: string, account: string][] = [
    ...OFFICER_ROLES.map(([role, officer]): [string, string] => [role, options.officers[officer]]),
    ...CONTRACT_ROLES.map(([role, contract]): [string, string] => [role, addresses[contract]]),
    ['PARAMETERS', deployer],
  ];
  for (const [role, account] of grants) {
    const data = roles.encodeFunctionData('grantRole', [id(role), account]);
    sent.push(await signer.sendTransaction({ to: addresses.Roles, data, ...settings, gasLimit: 200_000 }));
    settings.nonce++;
  }
  await options.mine?.();
  for (const transaction of sent) {
    const receipt = await transaction.wait();
    if (receipt?.status !== 1) throw new Error(`deployment transaction ${transaction.hash} failed`);
  }
  return addresses;
}

function constructorArguments(
  name: ContractName,
  addresses: Addresses,
  deployer: string,
  options: DeployOptions,
): unknown[] {
  const { Roles, DatanetRegistry, RiskLedger, ContributionRegistry, ModelRegistry, RewardLedger } = addresses;
  const { treasury } = options.officers;
  switch (name) {
    case 'Roles':
    case 'OpenToken':
    case 'TestDollar':
      return [deployer];
    case 'GovernanceToken':
      return [addresses.OpenToken];
    case 'DatanetRegistry':
      return [];
    case 'RiskLedger': {
      const bondToken = options.bondToken === 'OpenToken' ? addresses.OpenToken : ZeroAddress;
      return [Roles, RewardLedger, bondToken, options.bondHoldSeconds ?? DAY];
    }
    case 'ContributionRegistry':
      return [Roles, DatanetRegistry, RiskLedger, options.minBondWei ?? OPEN, options.disputeSeconds ?? 3 * DAY];
    case 'ModelRegistry':
      return [DatanetRegistry, addresses.InferenceLedger];
    case 'CreditManager':
      return [Roles];
    case 'InferenceLedger':
      return [Roles, ModelRegistry, addresses.CreditManager, RewardLedger, treasury];
    case 'AttributionLedger':
      return [Roles, ContributionRegistry, addresses.InferenceLedger, RewardLedger];
    case 'RewardShares':
      return [DatanetRegistry, ContributionRegistry, ModelRegistry, RiskLedger, treasury];
    case 'RewardLedger':
      return [Roles, addresses.RewardShares, options.epochSeconds ?? DAY];
    case 'EmissionAllocation':
      return [Roles, RewardLedger, ZeroAddress, options.emissionLimitWei ?? 10_000n * OPEN];
    case 'OpenGovernor':
      return [
        addresses.GovernanceToken,
        options.votingDelaySeconds ?? DAY,
        options.votingPeriodSeconds ?? 3 * DAY,
        options.queueSeconds ?? DAY,
        options.proposalThresholdWei ?? 1_000n * OPEN,
        options.quorumWei ?? 10_000n * OPEN,
      ];
  }
}
