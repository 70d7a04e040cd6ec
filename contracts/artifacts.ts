import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Contract, type ContractRunner, type InterfaceAbi } from 'ethers';

/** Every deployable contract, in the order in which they are deployed. */
export const CONTRACT_NAMES = [
  'Roles',
  'OpenToken',
  'GovernanceToken',
  'TestDollar',
  'DatanetRegistry',
  'RiskLedger',
  'ContributionRegistry',
  'ModelRegistry',
  'CreditManager',
  'InferenceLedger',
  'AttributionLedger',
  'RewardShares',
  'RewardLedger',
  'EmissionAllocation',
  'OpenGovernor',
] as const;

export type ContractName = (typeof CONTRACT_NAMES)[number];

export interface ContractArtifact {
  contractName: ContractName;
  abi: InterfaceAbi;
  /** Creation code, 0x hex; the constructor's arguments follow it. */
  bytecode: string;
  /** What it was compiled from; see contracts/compile.ts. */
  sourcesHash: string;
}

const loaded = new Map<ContractName, ContractArtifact>();

/** The committed artifact of a contract, as `npm run contracts` left it. */
export function artifactOf(name: ContractName): ContractArtifact {
  let artifact = loaded.get(name);
  if (!artifact) {
    artifact = JSON.parse(readFileSync(path.join(__dirname, 'artifacts', `${name}.json`), 'utf8')) as ContractArtifact;
    loaded.set(name, artifact);
  }
  return artifact;
}

/** A deployed contract, to call it by the methods of its ABI. */
export function contractAt(name: ContractName, address: string, runner: ContractRunner): Contract {
  return new Contract(address, artifactOf(name).abi, runner);
}
