import { isPublicAddress } from '../../indexer/documents/publicAddress';
import { publicWeb, type Reach } from '../../indexer/documents/reach';

/** The public web, and servers of a test on 127.0.0.1: plain http, any port. */
export const localReach: Reach = {
  refusal: (url) => (url.hostname === '127.0.0.1' && url.protocol === 'http:' ? undefined : publicWeb.refusal(url)),
  resolve: publicWeb.resolve,
  permits: (address) => address === '127.0.0.1' || isPublicAddress(address),
};
