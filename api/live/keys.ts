import { toHex } from '../bytes';
import { eventName, subjectIds } from '../eventContent';
import { contractKey, nameKey } from './filterTests';
import { hexOf, type KindName } from './judged';
import type { LiveItem } from './liveItem';

/** What a filter may lead by (see LiveFilter): ids of what the row is of, as this API writes them. */
const keysOfKind: { [Kind in KindName]: (item: LiveItem<Kind>) => string[] } = {
  events: ({ judged, contract, fragment }) => [
    ...subjectIds(judged),
    contractKey(toHex(contract)),
    nameKey(eventName(fragment)),
  ],
  rewards({ block: { chainId }, judged }) {
    const keys = [`account:${hexOf(judged.beneficiary)}`, `pool:${chainId}:${hexOf(judged.pool_id)}`];
    if (judged.contribution_id !== '0') keys.push(`contribution:${chainId}:${judged.contribution_id}`);
    pushInference(keys, chainId, judged.ref);
    for (const id of judged.datanets) keys.push(`datanet:${chainId}:${id}`);
    for (const id of judged.models) keys.push(`model:${chainId}:${id}`);
    return keys;
  },
  claims: ({ block: { chainId }, judged }) => [
    `account:${hexOf(judged.beneficiary)}`,
    `pool:${chainId}:${hexOf(judged.pool_id)}`,
  ],
  reversals({ block: { chainId }, judged }) {
    const keys = [`account:${hexOf(judged.beneficiary)}`, `pool:${chainId}:${hexOf(judged.pool_id)}`];
    pushInference(keys, chainId, judged.ref);
    return keys;
  },
  contributions: ({ block: { chainId }, judged }) => [
    `account:${hexOf(judged.contributor)}`,
    `datanet:${chainId}:${judged.datanet_id}`,
  ],
  inferences: ({ block: { chainId }, judged }) => [
    `account:${hexOf(judged.user)}`,
    `model:${chainId}:${judged.model_id}`,
  ],
  influences: ({ block: { chainId }, judged }) => [
    `account:${hexOf(judged.contributor)}`,
    `contribution:${chainId}:${judged.contribution_id}`,
    `datanet:${chainId}:${judged.datanet_id}`,
    `model:${chainId}:${judged.model_id}`,
    `inference:${chainId}:${hexOf(judged.inference_id)}`,
  ],
};

/** Remembered with the item, since every subscriber's filter asks. */
export function keysOf<Kind extends KindName>(kind: Kind, item: LiveItem<Kind>): readonly string[] {
  item.keys ??= keysOfKind[kind](item);
  return item.keys;
}

/** Zero is none, and any other ref the inference of that id, settled or not: as in lists. */
function pushInference(keys: string[], chainId: number, ref: string): void {
  if (/[1-9a-f]/.test(ref.slice(2))) keys.push(`inference:${chainId}:${hexOf(ref)}`);
}
