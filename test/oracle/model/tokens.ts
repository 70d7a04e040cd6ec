import { getAddress } from 'ethers';
import type { Chain } from './chain';
import type { Row } from './json';
import { receiptOf } from './models';
import { tokenId } from './money';

/** Every token that an event names. symbol and decimals come from elsewhere: the network file, the token's contract. */
export function tokenRows(chain: Chain): Row[] {
  const addresses = new Map<string, Row['place']>();
  for (const fact of chain.facts) {
    const address =
      fact.event === 'PoolCreated' || fact.event === 'PriceSet'
        ? fact.text('token')
        : fact.event === 'InferenceSettled'
          ? receiptOf(fact).feeToken
          : null;
    if (address !== null && !addresses.has(address)) addresses.set(address, fact.place());
  }
  return [...addresses].map(([address, place]) => {
    const id = tokenId(chain.chainId, address);
    const native = id.endsWith(':native');
    return {
      node: { id, chainId: chain.chainId, address: native ? null : getAddress(address), native },
      place,
      keys: { chainId: [String(chain.chainId)] },
      ranges: {},
      orders: {},
      money: {},
    };
  });
}
