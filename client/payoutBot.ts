import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { type Change, follow, RewardChanges, type RewardChangesData } from '.';

/** A payment that is owed, as a line of the ledger has it. */
export interface Payment {
  /** Through which change of the stream the ledger is complete. */
  cursor: string;
  /** The reward; null for a line that only notes how far the stream was read. */
  reward: string | null;
  to?: string;
  amount?: string;
  token?: string;
}

/**
 * The whole trick of a bot that pays exactly once: its cursor stands in the same line as its work, and a line is there or
 * isn't. A process that was killed in the middle of one drops what is half and gets that change again.
 */
export function openLedger(file: string): { payments: Payment[]; write(payment: Payment): void; close(): void } {
  const whole = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const end = whole.lastIndexOf('\n') + 1;
  const payments = whole
    .subarray(0, end)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Payment);
  const ledger = openSync(file, 'a');
  ftruncateSync(ledger, end);
  return {
    payments,
    write(payment) {
      writeSync(ledger, `${JSON.stringify(payment)}\n`);
      fsyncSync(ledger);
    },
    close: () => closeSync(ledger),
  };
}

/** Writes down what is owed to every beneficiary, once each, as soon as it is final: nothing has to be taken back. */
export async function runPayoutBot(
  url: string,
  file: string,
  { after, signal, webSocket }: { after: string; signal?: AbortSignal; webSocket?: unknown },
): Promise<void> {
  const { payments, write, close } = openLedger(file);
  let noted = payments.at(-1)?.cursor;
  try {
    await follow<Change & RewardChangesData['rewards']>(
      { url, document: RewardChanges, variables: { finality: 'FINALIZED' }, webSocket },
      {
        after: noted ?? after,
        ...(signal ? { signal } : {}),
        onChange({ cursor, id, op, reward }) {
          if (op === 'APPLY' && reward) {
            const { amount, token } = reward.amount;
            write({ cursor, reward: id, to: reward.beneficiary.address, amount, token: token.id });
          } else if (cursor !== noted) {
            write({ cursor, reward: null });
          }
          noted = cursor;
        },
      },
    );
  } finally {
    close();
  }
}
