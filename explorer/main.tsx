import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { App } from './App';
import { client } from './data/client';
import { connect } from './live/connection';
import { followLinks, followOldHash } from './router/place';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/pages.css';

followOldHash();
followLinks();
connect();
createRoot(document.querySelector('#root')!).render(
  <Provider value={client}>
    <App />
  </Provider>,
);
