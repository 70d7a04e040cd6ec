import { Client, cacheExchange, fetchExchange } from 'urql';

export const API_URL = new URL('/graphql', window.location.href).href;

/** One answer per question and variables is kept, so that going back is instant; it is asked again all the same. */
export const client = new Client({
  url: API_URL,
  exchanges: [cacheExchange, fetchExchange],
  requestPolicy: 'cache-and-network',
  preferGetMethod: false,
});
