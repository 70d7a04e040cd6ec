import { blockOf, logIndexOf } from '../../schema/position';
import { blockAt } from '../blocks';
import type { Context } from '../context';
import { eventName } from '../eventContent';
import { placedId } from '../ids';
import { Finality, finalityOf } from '../types/block';
import { type Change, ChangeOp } from '../types/change';
import type { Provenance } from '../types/provenance';
import { encodePlace } from './changeCursor';
import type { KindName } from './judged';
import { type LiveItem, placeOf } from './liveItem';
import type { Delivery } from './plan';

/** What every kind of change says. */
export function changeOf<Kind extends KindName>(
  context: Context,
  delivery: Delivery<Kind>,
  idOf: (item: LiveItem<Kind>) => string,
): Change {
  const { op, kind } = delivery;
  if (op === 'PROGRESS') {
    return { cursor: encodePlace(kind, delivery.place), op: ChangeOp[op], id: null, at: null };
  }
  const { item } = delivery;
  return {
    cursor: encodePlace(kind, placeOf(item)),
    op: ChangeOp[op],
    id: idOf(item),
    at: provenanceOf(context, item),
  };
}

/** The row of a delivered change: null on RETRACT, and where its block has left the chain since. */
export async function rowOf<Kind extends KindName, Row>(
  context: Context,
  delivery: Delivery<Kind>,
  load: (item: LiveItem<Kind>) => Row | null | Promise<Row | null>,
): Promise<Row | null> {
  if (delivery.op !== 'APPLY') return null;
  return (await isInChain(context, delivery.item)) ? load(delivery.item) : null;
}

async function isInChain(context: Context, { block }: LiveItem): Promise<boolean> {
  const now = await blockAt(context, block.chainId, block.number);
  return now?.hash.equals(block.hash) ?? false;
}

/** As the log of changes has it, whether the block is still there or not. */
function provenanceOf(context: Context, item: LiveItem): Provenance {
  const { chainId, number, hash, timestamp } = item.block;
  return {
    block: {
      chainId,
      number: blockOf(item.pos),
      hash,
      timestamp,
      async finality() {
        const chain = (await context.chains()).find(({ chain_id }) => chain_id === chainId);
        return (await isInChain(context, item)) ? finalityOf(chain, number) : Finality.PENDING;
      },
    },
    transactionHash: item.txHash,
    logIndex: logIndexOf(item.pos),
    contract: item.contract,
    event: eventName(item.fragment),
    eventId: placedId('event', chainId, item.pos),
    timestamp,
  };
}
