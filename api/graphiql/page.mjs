import './nonce.mjs';
import './page.css';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { Kind, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import live from './examples/live.graphql?raw';
import rewards from './examples/rewards.graphql?raw';
import status from './examples/status.graphql?raw';

const { origin } = window.location;
const send = createGraphiQLFetcher({
  url: `${origin}/graphql`,
  wsClient: createClient({ url: `${origin.replace('http', 'ws')}/graphql` }),
});

/**
 * GraphiQL reads its editor a moment after the last change: what is run before that it sends with the operation of the
 * former text, and a subscription as if it were a query. So the operation is that of the text which is sent, where it has one.
 */
function fetcher(params, options) {
  const documentAST = documentOf(params.query);
  const operations = documentAST?.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const isOnly = operations?.length === 1;
  const operationName = isOnly ? operations[0].name?.value : params.operationName;
  return send({ ...params, operationName }, { ...options, documentAST });
}

/** Of what can't be read the server says why. */
function documentOf(query) {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

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
