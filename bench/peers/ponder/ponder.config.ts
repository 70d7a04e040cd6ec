// Environment: DATABASE_URL, RPC_URLS (separated by commas), CONTRACTS (addresses by name, as JSON).
import { createConfig } from 'ponder';
import * as abis from './abis';

const addresses = JSON.parse(process.env.CONTRACTS!);

export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL! },
  chains: { bench: { id: 31338, rpc: process.env.RPC_URLS!.split(',') } },
  contracts: {
    DatanetRegistry: { chain: 'bench', abi: abis.DatanetRegistry, address: addresses.DatanetRegistry },
    ContributionRegistry: { chain: 'bench', abi: abis.ContributionRegistry, address: addresses.ContributionRegistry },
    ModelRegistry: { chain: 'bench', abi: abis.ModelRegistry, address: addresses.ModelRegistry },
    InferenceLedger: { chain: 'bench', abi: abis.InferenceLedger, address: addresses.InferenceLedger },
    AttributionLedger: { chain: 'bench', abi: abis.AttributionLedger, address: addresses.AttributionLedger },
    RewardLedger: { chain: 'bench', abi: abis.RewardLedger, address: addresses.RewardLedger },
  },
});
