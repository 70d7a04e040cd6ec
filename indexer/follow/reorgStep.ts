import { AppError } from '../../schema/appError';
import type { Tip } from '../store/blockRange';
import { type Checkpoint, readHeaderHash, readHeaders } from '../store/checkpoint';
import { agreeToLeave } from './agreeToLeave';
import { fetchBlocks } from './fetchBlocks';
import { findAncestor } from './findAncestor';
import { type ChainFollower, FOLLOW_BLOCKS, type Step } from './follower';

/** No new block: is our newest one still the node's? A head that went back inside our chain is a node that lags. */
export async function ourHeadIsGone(follower: ChainFollower, checkpoint: Checkpoint, tip: Tip): Promise<boolean> {
  const { indexed } = checkpoint;
  if (!indexed) return false;
  const { chain, source } = follower;
  if (tip.head.number < (checkpoint.finalized?.number ?? 0) && checkpoint.genesisHash !== null) {
    const genesis = await source.genesis();
    if (genesis !== undefined && genesis !== checkpoint.genesisHash) {
      throw new AppError(
        'STOP',
        `the node's chain begins with block ${genesis}, ours with ${checkpoint.genesisHash}: this is another chain. The ` +
          'rows stay as they are. Check the endpoints, or index it with an empty database',
      );
    }
  }
  if (tip.head.number === indexed.number) return tip.head.hash !== indexed.hash;
  const ours = await readHeaderHash(follower.leadership.client, chain.chainId, tip.head.number);
  return ours !== undefined && ours !== tip.head.hash;
}

/**
 * Back to the newest block that both chains hold, and on along the node's.
 * @throws AppError STOP below finality
 */
export async function reorgStep(
  follower: ChainFollower,
  checkpoint: Checkpoint,
  tip: Tip,
): Promise<Step | 'elsewhere'> {
  const { chain, source, contracts, leadership, log } = follower;
  const stored = await readHeaders(leadership.client, chain.chainId, checkpoint.finalized?.number ?? 0);
  const ancestor = await findAncestor(stored, (numbers) => source.headers(numbers));
  const gone = ancestor ? stored.filter(({ number }) => number > ancestor.number) : stored;
  const lowest = gone.at(-1);
  if (lowest && !(await agreeToLeave(source, lowest, !ancestor || gone.length > chain.quorumDepth))) {
    log.warn({ chain: chain.chainId, block: lowest.number }, 'an endpoint on a fork of its own is left');
    return 'elsewhere';
  }
  if (!ancestor) {
    // Another chain may answer there, and never have failed: whoever is asked next has to prove its chain anew.
    source.turnFrom(source.inUse);
    await source.genesis();
    throw new AppError(
      'STOP',
      `the node's chain leaves ours below finality (block ${checkpoint.finalized?.number ?? chain.startBlock}). ` +
        'The rows stay as they are. Check the endpoints; if the chain really changed, index it anew with an empty ' +
        'database',
    );
  }
  if (lowest) {
    log.warn({ chain: chain.chainId, ancestor: ancestor.number, indexed: checkpoint.indexed?.number }, 'reorg');
  }
  const toBlock = Math.min(ancestor.number + FOLLOW_BLOCKS, tip.head.number);
  const range =
    toBlock > ancestor.number
      ? await fetchBlocks(source, contracts.addresses, ancestor.number + 1, toBlock)
      : undefined;
  if (range && range.parentHash !== ancestor.hash) {
    throw new AppError('RETRY', `the chain changed again above block ${ancestor.number}`);
  }
  // Nothing goes where our newest block is theirs too, and only what was fetched ahead was of another fork.
  return { ancestor: lowest && ancestor, ranges: range ? [range] : [], stored: false };
}
