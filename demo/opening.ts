import { JsonRpcProvider, JsonRpcSigner, MaxUint256 } from 'ethers';
import { type Addresses, deploy } from '../contracts/deploy';
import { type Cast, everyoneOf } from './cast';
import type { Call } from './chainWriter';
import { type Rpc, toHex } from './rpc';
import { DAY, OPEN } from './scene';
import { QUORUM } from './society';

const VOTES_EACH = 5_000n * OPEN;

/** Gives everyone native OPEN and deploys the contracts in one block at `at` (seconds). */
export async function deployLoop(rpc: Rpc, chainId: number, cast: Cast, at: number): Promise<Addresses> {
  const fund = (address: string, open: bigint) => ({
    method: 'anvil_setBalance',
    params: [address, toHex(open * OPEN)],
  });
  await rpc.batch(everyoneOf(cast).map((address) => fund(address, 100_000n)));
  const provider = new JsonRpcProvider(rpc.url, chainId, { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 50;
  try {
    const addresses = await deploy(new JsonRpcSigner(provider, cast.officers.deployer), {
      officers: cast.officers,
      epochSeconds: DAY,
      emissionLimitWei: 1_000n * OPEN,
      proposalThresholdWei: VOTES_EACH / 5n,
      quorumWei: QUORUM,
      gasPrice: 0n,
      mine: async () => {
        await rpc.call('evm_mine', [at]);
      },
    });
    // The allocation that emissions come out of.
    await rpc.batch([fund(addresses.EmissionAllocation, 1_000_000n)]);
    return addresses;
  } finally {
    provider.destroy();
  }
}

/** The first block of the loop: how fees are split, who has tokens, who votes, who stakes. */
export function openingCalls(cast: Cast, addresses: Addresses, at: number): Call[] {
  const { deployer } = cast.officers;
  const call = (from: string, contract: Call['contract'], method: string, ...args: unknown[]): Call => ({
    from,
    contract,
    method,
    args,
  });
  const calls = [call(deployer, 'InferenceLedger', 'setFeeParams', [1_000, 3_000, 1_000, 5_000, at])];
  calls.push(call(deployer, 'OpenToken', 'approve', addresses.GovernanceToken, MaxUint256));
  for (const voter of cast.voters) {
    calls.push(call(deployer, 'GovernanceToken', 'depositFor', voter, VOTES_EACH));
    calls.push(call(voter, 'GovernanceToken', 'delegate', voter));
  }
  for (const { address } of cast.users.filter(({ paysTokens }) => paysTokens)) {
    for (const token of ['OpenToken', 'TestDollar'] as const) {
      const amount = token === 'OpenToken' ? 20_000n * OPEN : 50_000n * 10n ** 6n;
      calls.push(call(deployer, token, 'transfer', address, amount));
      calls.push(call(address, token, 'approve', addresses.InferenceLedger, MaxUint256));
    }
  }
  for (const staker of cast.stakers.slice(0, 3)) {
    const value = 100n * OPEN;
    calls.push({ ...call(staker, 'RiskLedger', 'postBond', 2, value), value });
  }
  return calls;
}
