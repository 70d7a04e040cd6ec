import type { ContractName } from '../contracts/artifacts';
import type { Deployment } from './deployment';

const REFERENCE = [
  'DatanetRegistry',
  'ContributionRegistry',
  'ModelRegistry',
  'InferenceLedger',
  'AttributionLedger',
  'RewardLedger',
  'RiskLedger',
] as const satisfies readonly ContractName[];

const PUBLIC = ['CreditManager', 'OpenToken', 'OpenGovernor'] as const satisfies readonly ContractName[];

/** The contracts whose events the local chain's network file asks for. */
export const INDEXED_CONTRACTS: readonly ContractName[] = [...REFERENCE, ...PUBLIC];

export interface LocalNetworkFile {
  chains: {
    chainId: number;
    name: string;
    rpc: string[];
    startBlock: number;
    finality: { depth: number };
    pollMs: number;
    verify: { history: 'receipts'; requestsPerSecond: number };
    nativeToken: { symbol: string; decimals: number };
    contracts: { profile: string; contract: string; address: string; startBlock: number }[];
  }[];
}

/** The network file of a local chain, as the object that the file would hold. */
export function networkOf(url: string, deployment: Deployment): LocalNetworkFile {
  const { chainId, startBlock, addresses } = deployment;
  const listed = (profile: string, names: readonly ContractName[]) =>
    names.map((contract) => ({ profile, contract, address: addresses[contract], startBlock }));
  return {
    chains: [
      {
        chainId,
        name: 'local',
        rpc: [url],
        startBlock: 0,
        // By depth: anvil's own finalized block follows so closely that any reorg would go below it.
        finality: { depth: 32 },
        pollMs: 500,
        // Our own node counts no requests.
        verify: { history: 'receipts', requestsPerSecond: 100 },
        nativeToken: { symbol: 'OPEN', decimals: 18 },
        contracts: [...listed('openledger-reference', REFERENCE), ...listed('openledger-public', PUBLIC)],
      },
    ],
  };
}
