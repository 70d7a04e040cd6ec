import type { Context } from './context';
import { type ParsedId, parseId } from './ids';
import { account } from './queries/account';
import { contribution } from './queries/contribution';
import { dispute } from './queries/contributionParts';
import { datanet } from './queries/datanet';
import { inference } from './queries/inference';
import { influence } from './queries/influence';
import { model } from './queries/model';
import { adapter } from './queries/modelParts';
import { claim, reversal } from './queries/payout';
import { pool } from './queries/pool';
import { reward } from './queries/reward';
import type { NodeObject } from './types/node';

/** The entity or fact with that id; null where there is none, and for what is no id of theirs. */
export async function loadNode(context: Context, id: string): Promise<NodeObject | null> {
  const parsed = parseId(id);
  return parsed && load(context, parsed);
}

async function load(context: Context, id: ParsedId): Promise<NodeObject | null> {
  switch (id.type) {
    case 'datanet':
      return datanet(context, id.chainId, id.key);
    case 'contribution':
      return contribution(context, id.chainId, id.key);
    case 'dispute':
      return dispute(context, id.chainId, id.key);
    case 'model':
      return model(context, id.chainId, id.key);
    case 'adapter':
      return adapter(context, id.chainId, id.key);
    case 'inference':
      return inference(context, id.chainId, id.key);
    case 'influence':
      return influence(context, id.chainId, id.pos);
    case 'pool':
      return pool(context, id.chainId, id.key);
    case 'reward':
      return reward(context, id.chainId, id.pos);
    case 'claim':
      return claim(context, id.chainId, id.pos);
    case 'reversal':
      return reversal(context, id.chainId, id.pos);
    case 'account':
      return account(context, id.address, null);
    default:
      return null;
  }
}
