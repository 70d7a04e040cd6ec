import { AppError } from '../../schema/appError';
import type { Header } from '../store/blockRange';

/**
 * The hash of block 0, which says which chain this is for as long as its rows live: tools make genesis blocks whose hash
 * is not that of their fields, so block 1, where there is one, must name it as its parent.
 * @param zero undefined where the node doesn't keep blocks that old
 * @throws AppError RETRY when the two don't fit together
 */
export function genesisHash(label: string, zero: Header | undefined, one: Header | undefined): string | undefined {
  if (zero && one && one.parentHash !== zero.hash) {
    throw new AppError('RETRY', `${label} shows block 0 ${zero.hash}, and a block 1 that follows ${one.parentHash}`);
  }
  return zero?.hash;
}
