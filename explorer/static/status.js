import { ask, subscribe } from './api.js';
import { counted, el, grouped, timeText } from './format.js';

const fields = `chainId name head { number } indexed { number timestamp } safe { number } finalized { number }
  blocksBehind progress eventsPerSecond reorgs deepestReorg undecodedLogs verifiedTo warnings error`;
const NEAR_BLOCKS = 10;
/** The chain id of development chains: nobody's money is there. */
const DEVELOPMENT_CHAIN = 31337;

const chains = new Map();

/** The chains' cards, kept up to date. */
export async function showStatus() {
  const { indexStatus } = await ask(`{ indexStatus { chains { ${fields} } } }`);
  for (const chain of indexStatus.chains) if (!chains.has(chain.chainId)) chains.set(chain.chainId, chain);
  render();
  subscribe(`subscription { indexStatus { ${fields} } }`, {
    next: ({ indexStatus }) => {
      chains.set(indexStatus.chainId, indexStatus);
      render();
    },
    state: (state) => state === 'waiting' && pill('bad', 'no connection'),
  });
}

function render() {
  const sorted = [...chains.values()].sort((a, b) => a.chainId - b.chainId);
  document.getElementById('chains').replaceChildren(...sorted.map(card));
  if (sorted.some(({ error }) => error)) pill('bad', 'a chain stands still');
  else if (sorted.length > 0 && sorted.every(isNear)) pill('good', 'in sync');
  else pill('wait', 'indexing');
}

function isNear({ blocksBehind, error }) {
  return !error && blocksBehind !== null && blocksBehind <= NEAR_BLOCKS;
}

function pill(kind, text) {
  const element = document.getElementById('sync');
  element.className = `pill ${kind}`;
  element.textContent = text;
}

function card(chain) {
  const number = (block) => (block ? grouped(block.number) : '–');
  const facts = [
    ['Head', number(chain.head)],
    ['Indexed', number(chain.indexed)],
    ['Lag', chain.blocksBehind === null ? '–' : counted(chain.blocksBehind, 'block')],
    ['Finalized', number(chain.finalized)],
    ['Newest block', chain.indexed ? timeText(chain.indexed.timestamp) : '–'],
    [
      'Reorgs',
      chain.reorgs === 0 ? 'none' : `${grouped(chain.reorgs)}, deepest ${counted(chain.deepestReorg, 'block')}`,
    ],
    [
      'Undecoded logs',
      grouped(chain.undecodedLogs),
      'Logs of these contracts that no profile describes: kept, and counted here',
    ],
  ];
  const made = 'A development chain on this machine: people, data and money on it are made up.';
  return el(
    'article',
    { class: 'card' },
    el('h3', {}, `${chain.name} `, el('span', { class: 'quiet' }, `chain ${chain.chainId}`)),
    isNear(chain) ? null : el('progress', { max: 1, value: chain.progress }),
    el('dl', {}, ...facts.flatMap(([name, value, title]) => [el('dt', { title }, name), el('dd', {}, value)])),
    chain.chainId === DEVELOPMENT_CHAIN ? el('p', { class: 'note' }, made) : null,
    chain.error ? el('p', { class: 'error' }, chain.error) : null,
    ...chain.warnings.map((warning) => el('p', { class: 'warning' }, warning)),
  );
}
