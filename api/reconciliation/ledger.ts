/** A token of a chain; null: the one of pools never created, which no event names. */
export interface LedgerToken {
  chainId: number;
  token: Buffer | null;
}

/** One account of the ledger in one token, with the sums of its postings in smallest units. */
export interface Line extends LedgerToken {
  /** "kind" or "kind:key" */
  account: string;
  debit: bigint;
  credit: bigint;
}

/** What is left of one account or, where `odd` says how many there are that are not zero, of several. */
export interface Residual extends LedgerToken {
  amount: bigint;
  odd?: number;
}

const kinds = ['user', 'inference', 'split', 'external', 'pool', 'rewards', 'paid'] as const;
type Kind = (typeof kinds)[number];

/** Sums postings to lines: one per account and token, there once something was posted, if only zero. */
export class Ledger {
  private readonly byKey = new Map<string, Line>();

  /** The same amount out of one account and into another: both sides of an entry. */
  transfer(token: LedgerToken, from: string, to: string, amount: bigint): void {
    this.post(token, from, { debit: amount });
    this.post(token, to, { credit: amount });
  }

  post(
    { chainId, token }: LedgerToken,
    account: string,
    { debit = 0n, credit = 0n }: Partial<Pick<Line, 'debit' | 'credit'>>,
  ) {
    const key = `${chainId} ${token?.toString('hex') ?? ''} ${account}`;
    const line = this.byKey.get(key);
    if (line) {
      line.debit += debit;
      line.credit += credit;
    } else this.byKey.set(key, { account, chainId, token, debit, credit });
  }

  /** By account, in the order in which money goes through them, then by token. */
  lines(): Line[] {
    return [...this.byKey.values()].sort(
      (a, b) =>
        kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)) || compareText(a.account, b.account) || compareTokens(a, b),
    );
  }
}

/**
 * What a line leaves unexplained (README of the protocol, Reward, "Double entry"): all that is left on an inference, and
 * of splits, pools and rewards what is below zero. Users pay in, sources give and beneficiaries are paid without end.
 */
export function residualOf(line: Pick<Line, 'account' | 'debit' | 'credit'>): bigint {
  const balance = line.credit - line.debit;
  switch (kindOf(line)) {
    case 'inference':
      return balance;
    case 'split':
    case 'pool':
    case 'rewards':
      return balance < 0n ? balance : 0n;
    default:
      return 0n;
  }
}

/** What the lines of a scope leave unexplained. */
export function residualsOf(lines: readonly Line[]): Residual[] {
  return sumResiduals(lines.map((line) => ({ chainId: line.chainId, token: line.token, amount: residualOf(line) })));
}

/** By token; tokens of which every single one is zero are left out, those whose residuals cancel are not. */
export function sumResiduals(singles: readonly Residual[]): Residual[] {
  const byToken = new Map<string, Residual>();
  for (const single of singles) {
    const { chainId, token, amount, odd } = single;
    if (amount === 0n && !odd) continue;
    const key = `${chainId} ${token?.toString('hex') ?? ''}`;
    const sum = byToken.get(key);
    if (sum) sum.amount += amount;
    else byToken.set(key, { chainId, token, amount });
  }
  return [...byToken.values()].sort(compareTokens);
}

/** By chain, then by address, the native token first and the unknown one last. */
export function compareTokens(a: LedgerToken, b: LedgerToken): number {
  if (a.chainId !== b.chainId) return a.chainId - b.chainId;
  if (a.token === null || b.token === null) return Number(a.token === null) - Number(b.token === null);
  return Buffer.compare(a.token, b.token);
}

function kindOf({ account }: Pick<Line, 'account'>): Kind {
  return account.split(':', 1)[0] as Kind;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
