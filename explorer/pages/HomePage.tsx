import { useEffect } from 'react';
import { useAsk } from '../data/useAsk';
import { Home, type HomeData } from '../documents';
import { symbolAmong } from '../format/amount';
import { titleOf, words } from '../format/names';
import { counted, formatShare } from '../format/number';
import { duration } from '../format/time';
import { useConnection } from '../live/connection';
import { Amount, Amounts } from '../parts/Amount';
import { BackingBar } from '../parts/BackingBar';
import { Section } from '../parts/Section';
import { Failed, Loading } from '../parts/states';
import { Time } from '../parts/Time';
import { usePast } from '../past/usePast';
import { SearchBox } from '../search/SearchBox';
import { Feed } from './Feed';
import { Loop } from './Loop';

const REFRESH_MS = 10_000;

export function HomePage() {
  const past = usePast();
  const asked = useAsk(Home, { asOf: past.asOf, to: past.to }, { pause: past.isWaiting });
  const { data, error, again } = asked;
  useRefresh(again);
  return (
    <div className="page home">
      <title>Flywheel: who gets paid when intelligence creates value?</title>
      <section className="hero">
        <div>
          <h1>Who gets paid when intelligence creates value?</h1>
          <p className="lead">
            And why, and does it add up? The attribution graph of OpenLedger, from every contribution of data to every
            reward, read from the chain and checkable against it.
          </p>
          <SearchBox large />
          <p className="tries">
            Try <a href="/rewards">the newest reward</a>,{' '}
            <a href="/datanets?sort=-earned">the datanet that earned most</a> or{' '}
            <a href="/contributions?status=PENDING">data that waits for a decision</a>.
          </p>
        </div>
        {data?.flywheel ? <Loop of={data.flywheel} /> : <div className="loop-place" />}
      </section>
      {error && <Failed error={error} again={again} />}
      {data?.flywheel && <Money of={data.flywheel} />}
      <div className="columns">
        <Feed page={data?.rewards} isPast={past.isPast} />
        <div className="aside">
          <Fresh
            title="New datanets"
            href="/datanets"
            rows={data?.datanets?.nodes}
            note={(row) => `${words(row.dataType)}, ${counted(row.contributionCount, 'contribution')}`}
          />
          <Fresh
            title="New models"
            href="/models"
            rows={data?.models?.nodes}
            note={(row) => counted(row.inferenceCount, 'inference')}
          />
        </div>
      </div>
    </div>
  );
}

/** While the page is looked at and the server answers. */
function useRefresh(again: () => void): void {
  const { state } = useConnection();
  useEffect(() => {
    if (state !== 'live') return;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  });
}

type Turn = NonNullable<HomeData['flywheel']>;

/** What users paid, what rewards stand on, and how much of that leaks. */
function Money({ of }: { of: Turn }) {
  const { fees, backing, attributionCoverage, timeToFirstPayout, payingUsers } = of;
  const tokens = backing.map(({ token }) => token);
  const [main, ...others] = backing.toSorted((a, b) => b.bySource.length - a.bySource.length);
  return (
    <section className="panel money" aria-label="Backing against leak, in the last 7 days">
      {!main && <p className="quiet">Nobody was rewarded in the last 7 days.</p>}
      {main && (
        <div>
          <p className="kind">Rewards of the last 7 days</p>
          <p className="big">
            <Amount of={{ amount: main.accrued, token: main.token }} name={symbolAmong(tokens, main.token)} />
          </p>
          <BackingBar of={main.bySource} decimals={main.token.decimals} />
          <p className="verdict-line">
            <strong>{formatShare(main.feeShare)}</strong> backed by fees <span className="quiet">against</span>{' '}
            <strong className={main.leakShare > main.feeShare ? 'warn' : ''}>{formatShare(main.leakShare)}</strong> leak
          </p>
          <p className="quiet note">What users paid for, and what emission paid instead: that runs dry.</p>
          {others.map(({ token, accrued, feeShare, leakShare }) => (
            <p key={token.id} className="quiet other-token" title={token.id}>
              <Amount of={{ amount: accrued, token }} name={symbolAmong(tokens, token)} /> {formatShare(feeShare)} fees,{' '}
              {formatShare(leakShare)} leak
            </p>
          ))}
        </div>
      )}
      <dl className="figures">
        <div>
          <dt>Fees paid</dt>
          <dd>
            <Amounts of={fees} />
            <small>by {counted(payingUsers, 'user')}</small>
          </dd>
        </div>
        <div>
          <dt>Answers attributed</dt>
          <dd>{formatShare(attributionCoverage)}</dd>
        </div>
        <div>
          <dt>To a first payout</dt>
          <dd>
            {timeToFirstPayout === null || timeToFirstPayout.median === null ? '–' : duration(timeToFirstPayout.median)}
            <small>median, from the first acceptance</small>
          </dd>
        </div>
      </dl>
    </section>
  );
}

interface FreshRow {
  id: string;
  name: string | null;
  createdAt: { timestamp: string };
}

function Fresh<Row extends FreshRow>({
  title,
  href,
  rows,
  note,
}: {
  title: string;
  href: string;
  rows: readonly Row[] | undefined;
  note(row: Row): string;
}) {
  return (
    <Section title={title} side={<a href={href}>All</a>}>
      {!rows && <Loading rows={4} />}
      <ul className="fresh panel">
        {rows?.map((row) => (
          <li key={row.id}>
            <a href={`/${row.id}`}>{titleOf(row.id, row.name)}</a>
            <small className="quiet">{note(row)}</small>
            <small className="quiet">
              <Time at={row.createdAt.timestamp} />
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
