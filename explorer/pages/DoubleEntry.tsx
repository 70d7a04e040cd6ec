import { useAsk } from '../data/useAsk';
import { Reconcile, type ReconcileData, type ReconcileVariables } from '../documents';
import { symbolAmong, type TokenLike } from '../format/amount';
import { capital, partsOf, shorten, words } from '../format/names';
import { formatCount } from '../format/number';
import { Amount, Amounts } from '../parts/Amount';
import { sourceName } from '../parts/BackingBar';
import { Failed, Loading } from '../parts/states';
import { usePast } from '../past/usePast';
import { Evidence } from './Evidence';

type Books = NonNullable<ReconcileData['reconcile']>;
type Line = Books['lines'][number];

/** What the ledger's accounts are, in the order in which money goes through them. */
const ACCOUNTS: Readonly<Record<string, readonly [name: string, note: string]>> = {
  user: ['Users', 'paid for answers'],
  external: ['From outside', 'not paid by users'],
  inference: ['Answers', 'fees in, shares out'],
  split: ['Share of', 'what splits set aside'],
  pool: ['Pools', 'funded, then promised'],
  rewards: ['Rewards', 'promised, then claimed'],
  paid: ['Paid out', 'in somebody’s wallet'],
};

/** Double entry, so that anyone can see whether it adds up: what leaves one account comes into another. */
export default function DoubleEntry({ scope, id }: { scope: ReconcileVariables['scope']; id: string }) {
  const { asOf, isWaiting } = usePast();
  const { data, error, again } = useAsk(Reconcile, { scope, id, asOf }, { pause: isWaiting });
  if (error) return <Failed error={error} again={again} />;
  if (!data) return <Loading />;
  const books = data.reconcile;
  if (!books) return <p className="quiet">Nothing was booked for it.</p>;
  return (
    <div className="books">
      <Verdict of={books} />
      <Ledgers of={books} />
    </div>
  );
}

function Verdict({ of: { balanced, residuals, unexplained, asOf } }: { of: Books }) {
  if (balanced) {
    return (
      <p className="verdict good">
        It adds up: nothing is left over, to the wei, as of block {formatCount(asOf.number)}.
      </p>
    );
  }
  // A fee that is held came in and has not been shared out: money that waits, not money that is wrong.
  const isWaiting =
    residuals.length > 0 &&
    residuals.every(({ amount }) => BigInt(amount) > 0n) &&
    unexplained.totalCount === unexplained.nodes.length &&
    unexplained.nodes.every(({ event }) => event === 'InferenceSettled');
  return (
    <div className={isWaiting ? 'verdict waits' : 'verdict bad'} role="note">
      {isWaiting ? (
        <p>
          Everything but fees that are not shared out yet adds up. They wait: <Amounts of={residuals} />
        </p>
      ) : (
        <p>
          It does not add up. Left over: {residuals.length > 0 ? <Amounts of={residuals} /> : 'amounts that cancel.'}
        </p>
      )}
      <details>
        <summary>
          {formatCount(unexplained.totalCount)} {unexplained.totalCount === 1 ? 'event is' : 'events are'} behind it
        </summary>
        <ul>
          {unexplained.nodes.map((at) => (
            <li key={at.eventId}>
              <Evidence of={at} name={at.event} />
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** A ledger for each token: amounts of different ones are never added. */
function Ledgers({ of: { lines } }: { of: Books }) {
  const tokens = [...new Map(lines.map(({ token }) => [token.id, token])).values()];
  return tokens.map((token) => (
    <Ledger
      key={token.id}
      token={token}
      name={symbolAmong(tokens, token)}
      lines={lines.filter((line) => line.token.id === token.id)}
    />
  ));
}

function Ledger({ token, name, lines }: { token: TokenLike; name: string; lines: readonly Line[] }) {
  const total = (side: 'debit' | 'credit') => String(lines.reduce((sum, line) => sum + BigInt(line[side]), 0n));
  const money = (amount: string) => <Amount of={{ amount, token }} />;
  const inOrder = lines.toSorted((a, b) => placeOf(a) - placeOf(b));
  return (
    <div className="scroll">
      <table className="ledger">
        <caption>{name}</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">In</th>
            <th scope="col">Out</th>
            <th scope="col">Stays</th>
          </tr>
        </thead>
        <tbody>
          {inOrder.map(({ account, credit, debit }) => (
            <tr key={account}>
              <th scope="row">
                <Account of={account} chainId={partsOf(token.id).chainId} />
              </th>
              <td>{credit === '0' ? '' : money(credit)}</td>
              <td>{debit === '0' ? '' : money(debit)}</td>
              <td>{isSource(account) ? '' : money(String(BigInt(credit) - BigInt(debit)))}</td>
            </tr>
          ))}
        </tbody>
        {total('credit') === total('debit') && (
          <tfoot>
            <tr>
              <th scope="row">Both sides</th>
              <td>{money(total('credit'))}</td>
              <td>{money(total('debit'))}</td>
              <td className="good">equal</td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

const kindOf = (account: string) => account.split(':')[0] ?? account;
const placeOf = ({ account }: Line) => Object.keys(ACCOUNTS).indexOf(kindOf(account));
/** Money comes from there: what is left in it is no amount of anybody's. */
const isSource = (account: string) => ['user', 'external'].includes(kindOf(account));

/** Whose page is meant by the key of an account of the ledger. */
const THINGS: Readonly<Record<string, 'account' | 'inference' | 'pool'>> = {
  user: 'account',
  rewards: 'account',
  paid: 'account',
  inference: 'inference',
  pool: 'pool',
};

/** "split:contributors" as "Share of contributors", "pool:0xabc…" as a link to that pool. */
function Account({ of, chainId }: { of: string; chainId: string | null }) {
  const [kind = '', detail = ''] = of.split(':');
  const [name = capital(words(kind)), note] = ACCOUNTS[kind] ?? [];
  const thing = THINGS[kind];
  const own =
    kind === 'split' ? `${name} ${words(detail)}` : kind === 'external' && detail ? capital(sourceName(detail)) : name;
  return (
    <>
      <span title={of}>{own}</span>{' '}
      {detail && thing && (
        <a href={thing === 'account' ? `/account:${detail}` : `/${thing}:${chainId}:${detail}`} className="mono">
          {shorten(detail)}
        </a>
      )}{' '}
      <small className="quiet">{note}</small>
    </>
  );
}
