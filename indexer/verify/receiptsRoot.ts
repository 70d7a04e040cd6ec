import { integerText } from './rlpField';
import { encodeTexts, type RlpText } from './rlpText';
import { finish } from './steps';
import { trieRootInSteps } from './trieRoot';

type Json = Readonly<Record<string, unknown>>;

/** Legacy, access list, dynamic fee, blobs, set code: one form, after a byte that says the type. */
const ETHEREUM_TYPES = [0, 1, 2, 3, 4];
/** A deposit of the OP Stack: the transactions that come from the layer below. */
const DEPOSIT_TYPE = 0x7e;

/**
 * The receiptsRoot that a header must carry if these are the receipts of its block.
 * @param receipts as eth_getBlockReceipts answers them, in the order of their transactions
 * @returns undefined where one is of a type that we don't know, or lacks what its type has: the root can't be told then
 */
export function receiptsRoot(receipts: readonly Json[]): string | undefined {
  return finish(receiptsRootInSteps(receipts));
}

/** The same in steps of a receipt each. */
export function* receiptsRootInSteps(receipts: readonly Json[]): Generator<undefined, string | undefined> {
  const encoded: Uint8Array[] = [];
  for (const receipt of receipts) {
    const bytes = encodeReceipt(receipt);
    if (!bytes) return undefined;
    encoded.push(bytes);
    yield;
  }
  return yield* trieRootInSteps(encoded);
}

/** A receipt as the trie holds it (EIP-2718); undefined for a type that we don't know. */
export function encodeReceipt(receipt: Json): Uint8Array | undefined {
  const type = receipt['type'] === undefined || receipt['type'] === null ? 0 : Number(receipt['type']);
  if (!ETHEREUM_TYPES.includes(type) && type !== DEPOSIT_TYPE) return undefined;
  const fields = [
    outcomeOf(receipt),
    integerText(receipt['cumulativeGasUsed']),
    textOf(receipt['logsBloom']),
    logsOf(receipt['logs']),
    ...(type === DEPOSIT_TYPE ? depositFields(receipt) : []),
  ];
  if (!fields.every((field) => field !== undefined)) return undefined;
  const typeBytes = type === 0 ? 0 : 1;
  const encoded = encodeTexts(fields, typeBytes);
  if (encoded && typeBytes > 0) encoded[0] = type;
  return encoded;
}

/** Success or failure; before Byzantium (EIP-658), the state's root after the transaction. */
function outcomeOf({ status, root }: Json): string | undefined {
  if (status !== undefined && status !== null) return integerText(status);
  return textOf(root);
}

function logsOf(logs: unknown): RlpText | undefined {
  if (!Array.isArray(logs)) return undefined;
  const encoded: RlpText[] = [];
  for (const log of logs) {
    const address = textOf(log?.address);
    const data = textOf(log?.data);
    const { topics } = log ?? {};
    if (address === undefined || data === undefined || !Array.isArray(topics)) return undefined;
    if (!topics.every((topic) => typeof topic === 'string')) return undefined;
    encoded.push([address, topics, data]);
  }
  return encoded;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Since Canyon a deposit's receipt says its version, and the trie holds its nonce and version. Before, nodes told the
 * nonce (since Regolith), but the trie held neither (OP Stack specification, deposits: receipts).
 */
function depositFields({ depositNonce, depositReceiptVersion }: Json): (string | undefined)[] {
  if (depositReceiptVersion === undefined || depositReceiptVersion === null) return [];
  return [integerText(depositNonce), integerText(depositReceiptVersion)];
}
