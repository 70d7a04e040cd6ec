import { logIndexOf } from '../../schema/position';
import { blockAt } from '../blocks';
import type { Context } from '../context';
import { eventName } from '../eventContent';
import { type PlacedType, placedId } from '../ids';
import { Finality, finalityOf } from '../types/block';
import { type Change, ChangeOp } from '../types/change';
import type { Provenance } from '../types/provenance';
import type { LoggedEvent } from './blockContent';
import { encodeChangeCursor } from './changeCursor';
import type { Delivery } from './follow';

/** What every kind of change says. */
export function changeOf(context: Context, type: PlacedType, { op, position, event }: Delivery): Change {
  return {
    cursor: encodeChangeCursor(position),
    op: ChangeOp[op],
    id: event && placedId(type, event.chain_id, event.pos),
    at: event && provenanceOf(context, event),
  };
}

/** The fact of a delivered change: null on RETRACT, and where its block has left the chain since. */
export async function factOf<Fact>(
  context: Context,
  { op, event }: Delivery,
  load: (event: LoggedEvent) => Fact | Promise<Fact>,
): Promise<Fact | null> {
  return op === 'APPLY' && event !== null && (await isInChain(context, event)) ? load(event) : null;
}

async function isInChain(context: Context, event: LoggedEvent): Promise<boolean> {
  const block = await blockAt(context, event.chain_id, event.block_number);
  return block?.hash.equals(event.block_hash) ?? false;
}

/** As the log of changes has it, whether the block is still there or not. */
function provenanceOf(context: Context, event: LoggedEvent): Provenance {
  return {
    block: {
      chainId: event.chain_id,
      number: Number(event.block_number),
      hash: event.block_hash,
      timestamp: event.block_timestamp,
      async finality() {
        const chain = (await context.chains()).find(({ chain_id }) => chain_id === event.chain_id);
        return (await isInChain(context, event)) ? finalityOf(chain, event.block_number) : Finality.PENDING;
      },
    },
    transactionHash: event.tx_hash,
    logIndex: logIndexOf(event.pos),
    contract: event.contract,
    event: eventName(event.fragment),
    eventId: placedId('event', event.chain_id, event.pos),
    timestamp: event.block_timestamp,
  };
}
