import { useAsk } from '../data/useAsk';
import { RetentionChart } from '../documents';
import { dayOf } from '../format/time';
import { Empty, Failed, Loading } from '../parts/states';
import { usePast } from '../past/usePast';
import { hrefWith, navigate, usePlace } from '../router/place';

const COHORTS = { CONTRIBUTORS: 'contributors', USERS: 'paying users', BUILDERS: 'builders' } as const;
type Cohort = keyof typeof COHORTS;
const MOST_COLUMNS = 13;

/** Of those who came in a week, which share came again in the weeks after: a table whose cells are shaded by it. */
export function Cohorts() {
  const place = usePlace();
  const { to, isWaiting } = usePast();
  const asked = place.params.get('cohort')?.toUpperCase() ?? '';
  const cohort: Cohort = asked in COHORTS ? (asked as Cohort) : 'CONTRIBUTORS';
  const { data, error, again } = useAsk(RetentionChart, { cohort, bucket: 'WEEK', to }, { pause: isWaiting });
  const rows = data?.retention?.rows.slice(-MOST_COLUMNS) ?? [];
  const most = Math.max(1, ...rows.map(({ active }) => active.length));
  const weeks = Array.from({ length: most - 1 }, (_, week) => week + 1);
  return (
    <>
      <label className="inline">
        Of{' '}
        <select
          value={cohort}
          onChange={(event) =>
            navigate(hrefWith(place, { cohort: event.target.value.toLowerCase() }), { replace: true })
          }
        >
          {Object.entries(COHORTS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {error && <Failed error={error} again={again} />}
      {!data && !error && <Loading />}
      {data && rows.length === 0 && <Empty>Nobody yet.</Empty>}
      {rows.length > 0 && (
        <section className="scroll" tabIndex={0} aria-label="Table of cohorts">
          <table className="heat">
            <caption className="hidden">
              Share of {COHORTS[cohort]} of each week who were active again so many weeks later
            </caption>
            <thead>
              <tr>
                <th scope="col">Week of</th>
                <th scope="col">New</th>
                {weeks.map((week) => (
                  <th key={week} scope="col">
                    +{week}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ start, size, active }) => (
                <tr key={start}>
                  <th scope="row">{dayOf(start)}</th>
                  <td className="size">{size}</td>
                  {weeks.map((week) => (
                    <Cell key={week} size={size} count={active[week]} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

/** Weeks that aren't over yet have no cell. */
function Cell({ size, count }: { size: number; count: number | undefined }) {
  if (count === undefined) return <td className="none" />;
  const share = size === 0 ? 0 : count / size;
  return (
    <td title={`${count} of ${size}`}>
      <i style={{ opacity: share * 0.85 }} aria-hidden="true" />
      <span>{Math.round(share * 100)}</span>
    </td>
  );
}
