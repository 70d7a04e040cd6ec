import { Cohorts } from '../charts/Cohorts';
import { Leaderboard } from '../charts/Leaderboard';
import { LineChart } from '../charts/LineChart';
import RewardHistoryChart from '../charts/RewardHistoryChart';
import { SurvivalChart } from '../charts/SurvivalChart';
import { useAsk } from '../data/useAsk';
import { FlywheelPage as Document, type FlywheelPageData } from '../documents';
import { symbolAmong, symbolOf, tokensAsNumber } from '../format/amount';
import { words } from '../format/names';
import { counted, formatCount, formatShare } from '../format/number';
import { dayOf } from '../format/time';
import { Amounts } from '../parts/Amount';
import { BackingLegend } from '../parts/BackingBar';
import { Figures } from '../parts/Facts';
import { Section } from '../parts/Section';
import { Empty, Shown } from '../parts/states';
import { usePast } from '../past/usePast';
import { hrefWith, usePlace } from '../router/place';
import { Loop } from './Loop';

type Window = NonNullable<FlywheelPageData['flywheelHistory']>[number];
const BUCKETS = ['DAY', 'WEEK', 'MONTH'] as const;

/** Is the loop turning? Its stages over time, who comes back, how long money takes, and where it goes. */
export default function FlywheelPage() {
  const place = usePlace();
  const bucket = BUCKETS.find((each) => each === place.params.get('by')?.toUpperCase()) ?? 'WEEK';
  const past = usePast();
  const asked = useAsk(Document, { bucket, to: past.to }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ flywheel }) => flywheel} what="the flywheel">
      {(turn, { flywheelHistory, rewardHistory }) => (
        <div className="page">
          <title>Is the loop turning? · Flywheel</title>
          <header className="head">
            <h1>Is the loop turning?</h1>
            <p className="lead">
              The last 7 days, {dayOf(turn.from)} to {dayOf(turn.to)}, against the 7 before; and each stage over time.
            </p>
          </header>
          <div className="split turn">
            <Loop of={turn} />
            <Figures
              of={[
                [
                  'Fees',
                  <Amounts key="fees" of={turn.fees} />,
                  `by ${counted(turn.payingUsers, 'user')}, ${formatCount(turn.newPayingUsers)} new`,
                ],
                [
                  'External demand',
                  turn.externalDemand.length === 0
                    ? '–'
                    : turn.externalDemand.map(({ share, token }) => (
                        <span key={token.id} className="line">
                          {formatShare(share)}{' '}
                          {turn.externalDemand.length > 1 && (
                            <small className="quiet unit">
                              {symbolAmong(
                                turn.externalDemand.map((each) => ({ ...each.token, decimals: null })),
                                { ...token, decimals: null },
                              )}
                            </small>
                          )}
                        </span>
                      )),
                  'of fees, from payers who were not rewarded',
                ],
                ['Answers attributed', formatShare(turn.attributionCoverage), 'of what was paid for'],
                ['Data in use', formatShare(turn.dataUtilisation), 'of accepted contributions had influence'],
                [
                  'Contributors',
                  formatCount(turn.contributors),
                  `${formatCount(turn.newContributors)} new; ${counted(turn.contributions, 'contribution')}, ${formatCount(turn.accepted)} accepted`,
                ],
                [
                  'Effective contributors',
                  turn.concentration ? turn.concentration.effectiveContributors.toFixed(1) : '–',
                  turn.concentration
                    ? `share the rewards; the top 1 % get ${formatShare(turn.concentration.topPercentShare)}`
                    : 'no contributor was rewarded',
                ],
              ]}
            />
          </div>
          <Section
            title="Each stage over time"
            note="The last part of a line, dashed, is of a time that is not over yet."
            side={
              <nav className="choice" aria-label="Length of a window">
                {BUCKETS.map((each) => (
                  <a
                    key={each}
                    href={hrefWith(place, { by: each.toLowerCase() })}
                    aria-current={each === bucket ? 'true' : undefined}
                  >
                    {words(each)}
                  </a>
                ))}
              </nav>
            }
          >
            <Stages of={sinceBegun(flywheelHistory ?? [])} />
          </Section>
          <Section title="Rewards by what backs them" side={<BackingLegend />} className="panel">
            <RewardHistoryChart points={rewardHistory?.points ?? []} />
          </Section>
          <div className="split">
            <Section title="Time to the first payout" className="panel">
              {turn.timeToFirstPayout ? (
                <SurvivalChart of={turn.timeToFirstPayout} />
              ) : (
                <Empty>Nobody's data was accepted yet.</Empty>
              )}
            </Section>
            <Section
              title="External demand"
              className="panel"
              note="Fees from payers who got no reward themselves, as a share of all."
            >
              <Demand of={flywheelHistory ?? []} />
            </Section>
          </div>
          <div className="split">
            <Section
              title="Who comes back"
              className="panel"
              note="Percent of those who came in a week, so many weeks later."
            >
              <Cohorts />
            </Section>
            <Section title="Leaderboard" className="panel" note="Of the last 7 days.">
              <Leaderboard />
            </Section>
          </div>
        </div>
      )}
    </Shown>
  );
}

/** From the first window on in which anything happened. */
function sinceBegun(windows: readonly Window[]): readonly Window[] {
  const first = windows.findIndex(({ stages }) => stages.some(({ value }) => value > 0));
  return first < 0 ? [] : windows.slice(Math.max(0, first - 1));
}

/** Small multiples: six stages and the fees, on the same time. */
function Stages({ of }: { of: readonly Window[] }) {
  if (of.length === 0) return <Empty>Nothing happened yet.</Empty>;
  const stages = of[0]?.stages.map(({ stage }) => stage) ?? [];
  const point = (window: Window, y: number) => ({ x: Date.parse(window.from), y, label: dayOf(window.from) });
  const token = of.flatMap(({ fees }) => fees)[0]?.token;
  return (
    <div className="multiples">
      {stages.map((stage) => (
        <div key={stage} className="panel">
          <h3>{words(stage)}</h3>
          <LineChart
            label={words(stage)}
            isOpen
            points={of.map((window) => point(window, window.stages.find((each) => each.stage === stage)?.value ?? 0))}
          />
        </div>
      ))}
      {token && (
        <div className="panel">
          <h3>fees, {symbolOf(token)}</h3>
          <LineChart
            label="fees"
            isOpen
            points={of.map((window) => {
              const fee = window.fees.find((each) => each.token.id === token.id)?.amount ?? '0';
              return point(window, tokensAsNumber(fee, token.decimals));
            })}
          />
        </div>
      )}
    </div>
  );
}

function Demand({ of }: { of: readonly Window[] }) {
  const token = of.flatMap(({ externalDemand }) => externalDemand)[0]?.token;
  const points = of.flatMap((window) => {
    const share = window.externalDemand.find((each) => each.token.id === token?.id)?.share;
    return share === undefined ? [] : [{ x: Date.parse(window.from), y: share, label: dayOf(window.from) }];
  });
  if (points.length === 0) return <Empty>Nobody paid yet.</Empty>;
  return (
    <LineChart
      label="External demand"
      points={points}
      height={200}
      most={1}
      format={(share) => `${share < 0 ? '−' : ''}${Math.round(Math.abs(share) * 100)} %`}
    />
  );
}
