import { lazy, type ReactNode, Suspense } from 'react';
import { contributions } from './lists/contributions';
import { contributors } from './lists/contributors';
import { datanets } from './lists/datanets';
import { inferences } from './lists/inferences';
import { ListPage } from './lists/ListPage';
import { models } from './lists/models';
import { rewards } from './lists/rewards';
import { AccountPage } from './pages/AccountPage';
import { AdapterPage } from './pages/AdapterPage';
import { ContributionPage } from './pages/ContributionPage';
import { DatanetPage } from './pages/DatanetPage';
import { HomePage } from './pages/HomePage';
import { InferencePage } from './pages/InferencePage';
import { ModelPage } from './pages/ModelPage';
import { OtherPage } from './pages/OtherPage';
import { PathsPage } from './pages/PathsPage';
import { PoolPage } from './pages/PoolPage';
import { RewardPage } from './pages/RewardPage';
import { StatusPage } from './pages/StatusPage';
import { Banner } from './parts/Banner';
import { Copied } from './parts/Copied';
import { Footer } from './parts/Footer';
import { Header } from './parts/Header';
import { Loading, Missing } from './parts/states';
import { PARAM } from './past/asOf';
import { usePlace } from './router/place';
import { SearchPage } from './search/SearchPage';

const FlywheelPage = lazy(() => import('./pages/FlywheelPage'));

const pages: Record<string, (asOf: string | null) => ReactNode> = {
  // Its feed begins anew with another block.
  '/': (asOf) => <HomePage key={asOf} />,
  '/datanets': () => <ListPage list={datanets} />,
  '/models': () => <ListPage list={models} />,
  '/contributors': () => <ListPage list={contributors} />,
  '/contributions': () => <ListPage list={contributions} />,
  '/inferences': () => <ListPage list={inferences} />,
  '/rewards': () => <ListPage list={rewards} />,
  '/flywheel': () => <FlywheelPage />,
  '/status': () => <StatusPage />,
  '/search': () => <SearchPage />,
  '/paths': () => <PathsPage />,
};

/** A thing's page is at its id. */
const things: Record<string, (id: string) => ReactNode> = {
  datanet: (id) => <DatanetPage key={id} id={id} />,
  model: (id) => <ModelPage key={id} id={id} />,
  contribution: (id) => <ContributionPage key={id} id={id} />,
  inference: (id) => <InferencePage key={id} id={id} />,
  reward: (id) => <RewardPage key={id} id={id} />,
  account: (id) => <AccountPage key={id} id={id} />,
  pool: (id) => <PoolPage key={id} id={id} />,
  adapter: (id) => <AdapterPage key={id} id={id} />,
};

export function App() {
  const { path, params } = usePlace();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <Banner />
      <main id="main" tabIndex={-1}>
        <Suspense
          fallback={
            <div className="page">
              <Loading rows={12} />
            </div>
          }
        >
          {pageOf(path, params.get(PARAM))}
        </Suspense>
      </main>
      <Footer />
      <Copied />
    </>
  );
}

function pageOf(path: string, asOf: string | null): ReactNode {
  const page = pages[path === '/' ? path : path.replace(/\/$/, '')];
  if (page) return page(asOf);
  const id = path.slice(1);
  const [kind = ''] = id.split(':');
  if (things[kind] && id !== kind) return things[kind](id);
  if (/^[a-z]+:./.test(id)) return <OtherPage key={id} id={id} />;
  return <Missing what={path} />;
}
