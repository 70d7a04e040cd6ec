import { AppError } from '../../schema/appError';
import type { ChainSource } from '../rpc/chainSource';
import type { Header } from '../store/blockRange';

/**
 * Several endpoints can be of several minds. Before blocks are taken away each is asked for the lowest of them: one that
 * fell behind on a fork of its own must not take the rows along.
 * @param lowest our block that would go first
 * @param isDeep whether more goes than quorumDepth: then a majority of those that answer must have left it. Otherwise one
 *   is believed, unless a majority still holds it
 * @returns whether to leave; where not, an endpoint that holds our chain is asked first from now on
 * @throws AppError RETRY when too few have left and none holds our chain either
 */
export async function agreeToLeave(
  source: ChainSource,
  lowest: Pick<Header, 'number' | 'hash'>,
  isDeep: boolean,
): Promise<boolean> {
  if (source.endpoints === 1) return true;
  const each = await source.headersOfEach([lowest.number]);
  const holders = each.filter(({ headers }) => headers[0]?.hash === lowest.hash);
  const left = each.filter(({ headers }) => headers[0] !== undefined && headers[0].hash !== lowest.hash);
  const agreed = isDeep ? left.length > each.length / 2 : left.length > 0 && holders.length <= each.length / 2;
  if (agreed) return true;
  const holder = holders[0]?.upstream;
  if (!holder) {
    throw new AppError(
      'RETRY',
      `${left.length} of ${each.length} endpoints that answer have left our block ${lowest.number} ${lowest.hash}, and ` +
        'none holds it: the chain waits for a majority. The rows stay as they are',
    );
  }
  source.turnTo(holder);
  return false;
}
