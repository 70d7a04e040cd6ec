import { getAddress } from 'ethers';
import { accountsIn, argsOf, subjectsOf } from './arguments';
import type { Chain } from './chain';
import type { Row } from './json';

/** Every decoded log; what no profile decodes is counted only. */
export function eventRows(chain: Chain): Row[] {
  return chain.facts.map((fact) => {
    const subjects = subjectsOf(chain, fact);
    return {
      node: {
        id: fact.id('event'),
        name: fact.event,
        contract: getAddress(fact.log.address),
        args: argsOf(fact),
        at: fact.provenance(),
        subjects,
      },
      place: fact.place(),
      keys: {
        chainId: [String(chain.chainId)],
        name: [fact.event],
        contract: [fact.log.address],
        account: accountsIn(fact),
        subject: subjects,
      },
      ranges: { block: BigInt(fact.block.number) },
      orders: {},
      money: {},
    };
  });
}
