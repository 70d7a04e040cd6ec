import './nonce.mjs';
import './page.css';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import live from './examples/live.graphql?raw';
import rewards from './examples/rewards.graphql?raw';
import status from './examples/status.graphql?raw';

const { origin } = window.location;
const fetcher = createGraphiQLFetcher({
  url: `${origin}/graphql`,
  wsClient: createClient({ url: `${origin.replace('http', 'ws')}/graphql` }),
});

// The tabs of a first visit; later ones find what was left.
const defaultTabs = [rewards, status, live].map((query) => ({ query }));

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    defaultTabs,
    defaultQuery: rewards,
    isHeadersEditorEnabled: false,
    showPersistHeadersSettings: false,
  }),
);
