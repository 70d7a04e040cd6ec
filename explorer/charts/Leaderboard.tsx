import { useAsk } from '../data/useAsk';
import { Board, type BoardData, type BoardVariables } from '../documents';
import { formatCount } from '../format/number';
import { useTokens } from '../live/useTokens';
import { Amount } from '../parts/Amount';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Empty, Failed, Loading } from '../parts/states';
import { Table } from '../parts/Table';
import { usePast } from '../past/usePast';
import { hrefWith, navigate, usePlace } from '../router/place';

type Metric = BoardVariables['metric'];
type Entry = NonNullable<BoardData['leaderboard']>['entries'][number];

const METRICS: Record<Metric, readonly [name: string, value: string, money: boolean]> = {
  CONTRIBUTORS_BY_REWARDS: ['contributors by rewards', 'Rewards', true],
  CONTRIBUTORS_BY_INFLUENCE: ['contributors by influence', 'Influence', false],
  CONTRIBUTORS_BY_ACCEPTED: ['contributors by accepted data', 'Accepted', false],
  DATANETS_BY_REWARDS: ['datanets by rewards', 'Rewards', true],
  DATANETS_BY_INFLUENCE: ['datanets by influence', 'Influence', false],
  MODELS_BY_FEES: ['models by fees', 'Fees', true],
  MODELS_BY_USERS: ['models by users', 'Users', false],
  ADAPTERS_BY_INFERENCES: ['adapters by inferences', 'Inferences', false],
  USERS_BY_FEES: ['users by fees paid', 'Fees', true],
};

/** The first of the last 7 days, and how many places they won or lost since the 7 before. */
export function Leaderboard() {
  const place = usePlace();
  const { to, isWaiting } = usePast();
  const tokens = useTokens({ pause: false });
  const asked = place.params.get('board')?.toUpperCase() ?? '';
  const metric: Metric = asked in METRICS ? (asked as Metric) : 'CONTRIBUTORS_BY_REWARDS';
  const [, title, money] = METRICS[metric];
  const token = money ? tokens[0]?.id : undefined;
  const { data, error, again } = useAsk(
    Board,
    { metric, token, first: 10, to },
    { pause: isWaiting || (money && !token) },
  );
  const entries = data?.leaderboard?.entries;
  return (
    <>
      <label className="inline">
        Of{' '}
        <select
          value={metric}
          onChange={(event) =>
            navigate(hrefWith(place, { board: event.target.value.toLowerCase() }), { replace: true })
          }
        >
          {Object.entries(METRICS).map(([value, [name]]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {error && <Failed error={error} again={again} />}
      {!entries && !error && <Loading />}
      {entries?.length === 0 && <Empty>Nobody in the last 7 days.</Empty>}
      {entries && entries.length > 0 && (
        <Table
          caption={METRICS[metric][0]}
          rows={entries}
          columns={[
            { title: 'Rank', cell: ({ rank }) => rank },
            { title: 'Change', cell: ({ rankChange }) => <Change of={rankChange} /> },
            { title: 'Who', main: true, cell: ({ subject }) => <Subject of={subject} /> },
            { title, number: true, cell: (entry) => <Value of={entry} influence={title === 'Influence'} /> },
          ]}
          keyOf={({ subject }) => subject.id}
        />
      )}
    </>
  );
}

function Subject({ of }: { of: Entry['subject'] }) {
  if (of.__typename === 'Account') return <Address of={of.address} />;
  return <Named of={{ id: of.id, name: 'name' in of ? of.name : null }} />;
}

/** Influence is a sum of weights: 1,000,000 ppm are one whole answer. */
function Value({ of: { value, token }, influence }: { of: Entry; influence: boolean }) {
  if (token) return <Amount of={{ amount: value, token }} />;
  return influence ? `${formatCount(Number(value) / 1_000_000)} answers` : formatCount(value);
}

function Change({ of }: { of: number | null }) {
  if (of === null) return <span className="quiet">new</span>;
  if (of === 0) return <span className="quiet">–</span>;
  return <span className={of > 0 ? 'good' : 'bad'}>{of > 0 ? `▲ ${of}` : `▼ ${-of}`}</span>;
}
