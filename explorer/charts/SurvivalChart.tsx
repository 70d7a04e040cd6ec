import type { FlywheelPageData } from '../documents';
import { counted, formatCount } from '../format/number';
import { duration } from '../format/time';
import { Empty } from '../parts/states';
import { LineChart } from './LineChart';

type Times = NonNullable<NonNullable<FlywheelPageData['flywheel']>['timeToFirstPayout']>;

/** Which share of contributors still waits for a first reward, so long after a first acceptance. */
export function SurvivalChart({ of: { curve, median, p90, paid, waiting } }: { of: Times }) {
  if (curve.length === 0) {
    return (
      <Empty>
        Nobody was paid yet. {counted(waiting, 'contributor')} {waiting === 1 ? 'waits' : 'wait'}.
      </Empty>
    );
  }
  const points = [{ seconds: 0, unpaid: 1 }, ...curve].map(({ seconds, unpaid }) => ({
    x: seconds,
    y: unpaid,
    label: duration(seconds),
  }));
  return (
    <>
      <p className="quiet">
        Half are paid after <strong>{median === null ? 'never yet' : duration(median)}</strong>, nine in ten after{' '}
        <strong>{p90 === null ? 'never yet' : duration(p90)}</strong>. {formatCount(paid)} were paid,{' '}
        {formatCount(waiting)} still wait and are counted as waiting, not left out.
      </p>
      <LineChart
        label="Share still unpaid"
        points={points}
        height={200}
        steps
        most={1}
        format={(share) => `${Math.round(share * 100)} %`}
      />
    </>
  );
}
