import { getAddress, toUtf8Bytes, toUtf8String } from 'ethers';
import type { Addresses } from '../contracts/deploy';
import { type Rpc, toHex } from './rpc';

/** What a local chain with a history knows about itself. */
export interface Deployment {
  chainId: number;
  seed: number;
  /** The size that the history was asked to have; it also sizes the cast. */
  events: number;
  /** Seconds: the time of the first and the last block of the history. */
  startsAt: number;
  endsAt: number;
  /** The block from which on there are logs of the contracts. */
  startBlock: number;
  addresses: Addresses;
}

/** "flywheel" in ASCII: an address without a key, whose code is the description of the deployment. */
const NOTE_ADDRESS = getAddress('0x000000000000000000000000666c79776865656c');

/**
 * Writes the deployment down on the chain itself: whoever has the chain has its addresses, and no file can disagree with
 * it. It is written near the end of the history, so a chain that has it can be gone on with.
 */
export async function noteDeployment(rpc: Rpc, deployment: Deployment): Promise<void> {
  const note = Buffer.from(toUtf8Bytes(JSON.stringify(deployment))).toString('hex');
  await rpc.call('anvil_setCode', [NOTE_ADDRESS, `0x${note}`]);
}

/** The deployment that the chain was given, undefined on a chain without (a whole) history. */
export async function readDeployment(rpc: Rpc, block: number | 'latest' = 'latest'): Promise<Deployment | undefined> {
  const tag = block === 'latest' ? block : toHex(block);
  const code = await rpc.call<string>('eth_getCode', [NOTE_ADDRESS, tag]);
  return code === '0x' ? undefined : (JSON.parse(toUtf8String(code)) as Deployment);
}
