import { AppError } from '../../schema/appError';
import type { Header, Tip } from '../store/blockRange';
import { type Checkpoint, type Mark, readHeaderHash, readHeaders } from '../store/checkpoint';
import { agreeToLeave } from './agreeToLeave';
import { fetchBlocks } from './fetchBlocks';
import { findFork } from './findFork';
import { type ChainFollower, FOLLOW_BLOCKS, type Step } from './follower';

const ZERO_HASH = `0x${'0'.repeat(64)}`;

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
 * @throws AppError STOP below finality; RETRY while the node doesn't show where it left our chain
 */
export async function reorgStep(
  follower: ChainFollower,
  checkpoint: Checkpoint,
  tip: Tip,
): Promise<Step | 'elsewhere'> {
  const { chain, source, contracts, leadership, log } = follower;
  const { client } = leadership;
  const indexed = checkpoint.indexed as Mark;
  const final = finalOfOurs(checkpoint);
  const fork = await findFork(
    (below) => readHeaders(client, chain.chainId, final?.number ?? 0, below),
    (numbers) => source.headers(numbers),
  );
  const ancestor = fork.ancestor ?? (await ancestorBelow(follower, checkpoint, final));
  const lowest = fork.lowest ?? (ancestor ? undefined : (final ?? undefined));
  if (!lowest && (!ancestor || ancestor.number < indexed.number)) {
    throw new AppError(
      'RETRY',
      `the endpoint has no block in place of our block ${indexed.number} ${indexed.hash} yet`,
    );
  }
  const depth = indexed.number - (ancestor?.number ?? 0);
  if (lowest && !(await agreeToLeave(source, lowest, !ancestor || depth > chain.quorumDepth))) {
    log.warn({ chain: chain.chainId, block: lowest.number }, 'an endpoint on a fork of its own is left');
    return 'elsewhere';
  }
  if (!ancestor) {
    throw new AppError(
      'STOP',
      `the node's chain leaves ours below finality (block ${final?.number}). The rows stay as they are. Check the ` +
        'endpoints; if the chain really changed, index it anew with an empty database',
    );
  }
  if (lowest) log.warn({ chain: chain.chainId, ancestor: ancestor.number, indexed: indexed.number }, 'reorg');
  const toBlock = Math.min(ancestor.number + FOLLOW_BLOCKS, tip.head.number);
  const range =
    toBlock > ancestor.number
      ? await fetchBlocks(source, contracts.addresses, ancestor.number + 1, toBlock)
      : undefined;
  if (range && range.parentHash !== ancestor.hash) {
    throw new AppError('RETRY', `the chain changed again above block ${ancestor.number}`);
  }
  // Of two minds: it says another head than the block it has there.
  if (!lowest && !range) return 'elsewhere';
  // Nothing goes where our newest block is theirs too, and only what was fetched ahead was of another fork.
  return { ancestor: lowest && ancestor, ranges: range ? [range] : [], stored: false };
}

/** The newest final block, where any of ours is. */
function finalOfOurs({ finalized, startBlock }: Checkpoint): Mark | null {
  return finalized && finalized.number >= startBlock ? finalized : null;
}

/**
 * Where every header that is kept is another one: the newest final block if the node has it (its header isn't always
 * kept), or, before anything of ours is final, the block before our first. Undefined when the node left it.
 * @throws AppError RETRY when the node doesn't have a block there
 */
async function ancestorBelow(
  { source }: ChainFollower,
  { startBlock }: Checkpoint,
  final: Mark | null,
): Promise<Header | undefined> {
  // Another chain may answer there, and never have failed: whoever is asked next has to prove its chain anew.
  source.turnFrom(source.inUse);
  await source.genesis();
  const number = final?.number ?? startBlock - 1;
  if (number < 0) return { number, hash: ZERO_HASH, parentHash: ZERO_HASH, timestamp: 0 };
  const [theirs] = await source.headers([number]);
  if (!theirs) throw new AppError('RETRY', `the endpoint has no block ${number}`);
  return final && theirs.hash !== final.hash ? undefined : theirs;
}
