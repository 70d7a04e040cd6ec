import { useAsk } from '../data/useAsk';
import { Search } from '../documents';
import { Empty, Failed, Loading } from '../parts/states';
import { usePlace } from '../router/place';
import { lineOf } from './found';
import { SearchBox } from './SearchBox';

export function SearchPage() {
  const text = usePlace().params.get('q') ?? '';
  const { data, error, again } = useAsk(Search, { text, first: 50 }, { pause: !text });
  const found = data?.search;
  return (
    <div className="page">
      <title>{`${text} · Flywheel`}</title>
      <header className="head">
        <h1>Search</h1>
        <p className="lead">What fits “{text}”, the closest first.</p>
      </header>
      <SearchBox large />
      {error && <Failed error={error} again={again} />}
      {!found && !error && text && <Loading />}
      {found?.length === 0 && (
        <Empty>Nothing fits “{text}”. A name's beginning, a whole address or hash, or a number would.</Empty>
      )}
      {found && found.length > 0 && (
        <ul className="panel results">
          {found.map(lineOf).map(({ href, title, note }) => (
            <li key={href}>
              <a href={href}>{title}</a>
              <small className="quiet">{note}</small>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
