import { Fragment } from 'react';
import { useAsk } from '../data/useAsk';
import { Paths, type PathsData } from '../documents';
import { words } from '../format/names';
import { formatPpm, formatShare } from '../format/number';
import { Amount, Amounts } from '../parts/Amount';
import { Empty, Failed, Loading } from '../parts/states';
import { usePast } from '../past/usePast';

type Path = NonNullable<PathsData['attributionPaths']>[number];
type Edge = Path['edges'][number];

/** Every way from data to money between two things, each as a chain of links one can follow. */
export default function PathList({ from, to }: { from: string; to: string }) {
  const { asOf, isWaiting } = usePast();
  const { data, error, again } = useAsk(Paths, { from, to, asOf }, { pause: isWaiting });
  if (error) return <Failed error={error} again={again} />;
  if (!data) return <Loading rows={3} />;
  const paths = data.attributionPaths;
  if (!paths) return <Empty>One of the two does not exist on the chains that are indexed.</Empty>;
  if (paths.length === 0) return <Empty>Nothing leads from one to the other.</Empty>;
  return (
    <ol className="paths">
      {paths.map((path) => (
        <li key={path.edges.map(({ id }) => id).join(' ')} className="panel">
          <Way of={path} />
          {(path.amount.length > 0 || path.edges.some(({ weightPpm }) => weightPpm !== null)) && (
            <p className="quiet">
              {path.edges.some(({ weightPpm }) => weightPpm !== null) && (
                <>
                  Weight along the way <strong>{formatShare(path.weight)}</strong>
                </>
              )}
              {path.amount.length > 0 && (
                <>
                  {' '}
                  Rewarded <Amounts of={path.amount} />
                </>
              )}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Way({ of: { nodes, edges } }: { of: Path }) {
  return (
    <div className="way">
      {nodes.map(({ id, kind, label }, place) => {
        const edge = edges[place - 1];
        return (
          <Fragment key={id}>
            {edge && <Link of={edge} />}
            <a href={`/${id}`} className={`stop of-${kind.toLowerCase()}`} title={id}>
              <i aria-hidden="true" />
              <small>{words(kind)}</small>
              {label || id}
            </a>
          </Fragment>
        );
      })}
    </div>
  );
}

function Link({ of: { kind, weightPpm, amount } }: { of: Edge }) {
  return (
    <span className="link">
      <span>{words(kind)}</span>
      {weightPpm !== null && <small>{formatPpm(weightPpm)}</small>}
      {amount && (
        <small>
          <Amount of={amount} />
        </small>
      )}
    </span>
  );
}
