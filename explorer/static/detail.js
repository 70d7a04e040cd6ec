import { ask } from './api.js';
import { amountText, el, grouped, link, shortId, timeText, words } from './format.js';

const at = '{ timestamp transactionHash event eventId block { number hash finality } }';
const amounts = '{ amount token { id symbol decimals native } }';
const backing = `{ token { id symbol decimals native } accrued feeShare leakShare }`;
const ids = '{ id }';
const first = '(first: 5) { totalCount nodes { id } }';

/** What a card says of each type. */
const selections = {
  Datanet: `name description status dataType owner ${ids} contributionCount acceptedCount rejectedCount pendingCount slashedCount
    contributorCount acceptanceRate modelCount inferenceCount latestVersion earned ${amounts} backing ${backing} metadataURI
    contributions${first} models${first} createdAt ${at}`,
  Contribution: `status stage datanet ${ids} contributor ${ids} score bond contentHash uri influenceCount earned ${amounts}
    influences(first: 5) { totalCount nodes { id weight inference { id } } } submittedAt ${at} finalizedAt ${at}
    inVersionAt ${at} trainedAt ${at} firstInfluenceAt ${at} firstRewardAt ${at}`,
  Model: `name description builder ${ids} parent ${ids} latestVersion inferenceCount userCount fees ${amounts}
    attributionCoverage averageRating datanets${first} adapters${first} inferences${first} metadataURI createdAt ${at}`,
  Adapter: `model ${ids} builder ${ids} baseVersion adapterHash inferenceCount createdAt ${at}`,
  Inference: `model ${ids} user ${ids} modelVersion tokensIn tokensOut fee ${amounts} refunded residual
    split { platform model stakers contributors } attribution { method leafCount complete revisions }
    influences(first: 10) { totalCount nodes { id weight contribution { id } } } rewards${first} settledAt ${at}`,
  Influence: `inference ${ids} contribution ${ids} datanet ${ids} contributor ${ids} weight influence current at ${at}`,
  Pool: `kind subject ${ids} token { id symbol decimals native } funded accrued claimed reversed balance
    fundedBySource { source amount } createdAt ${at}`,
  Reward: `amount ${amounts} role beneficiary ${ids} backing { source amount } pool ${ids} inference ${ids} contribution ${ids}
    epoch accruedAt ${at}`,
  Reversal: `amount ${amounts} beneficiary ${ids} pool ${ids} inference ${ids} reason reversedAt ${at}`,
  Claim: `amount ${amounts} beneficiary ${ids} to ${ids} pool ${ids} claimedAt ${at}`,
  Dispute: `contribution ${ids} challenger ${ids} bond resolved upheld slashed openedAt ${at} resolvedAt ${at}`,
  Account: `address roles contributionCount acceptedCount modelCount inferenceCount feesPaid ${amounts}
    rewardTotals { accrued ${amounts} claimed ${amounts} reversed ${amounts} claimable ${amounts} }
    contributions${first} models${first} inferences${first} rewards${first} firstSeen ${at} lastSeen ${at}`,
  Token: 'address symbol decimals native',
  ChainEvent: `name contract args { name type value } subjects at ${at}`,
};
/** Fields whose values are names of codes. */
const coded = new Set(['status', 'stage', 'dataType', 'role', 'roles', 'kind', 'source', 'method']);
/** Fields in the smallest units of the token that the object around them says. */
const inUnits = new Set(
  'refunded residual platform model stakers contributors funded accrued claimed reversed balance'.split(' '),
);
const typeOfId = { event: 'ChainEvent' };

export function watchDetail() {
  addEventListener('hashchange', showDetail);
  document.querySelector('#detail .close').addEventListener('click', () => {
    location.hash = '';
  });
  showDetail();
}

/** The card of the entity that the address names, if it names one. */
async function showDetail() {
  const id = decodeURIComponent(location.hash.slice(1));
  const panel = document.getElementById('detail');
  panel.hidden = id === '';
  if (id === '') return;
  const prefix = id.split(':')[0];
  const type = typeOfId[prefix] ?? prefix.charAt(0).toUpperCase() + prefix.slice(1);
  panel.querySelector('h2').textContent = id;
  const body = panel.querySelector('.fields');
  body.replaceChildren('…');
  try {
    const selection = selections[type];
    const { node } = selection
      ? await ask(`query ($id: ID!) { node(id: $id) { ... on ${type} { ${selection} } } }`, { id })
      : {};
    if (location.hash.slice(1) !== encodeURIComponent(id) && location.hash.slice(1) !== id) return;
    body.replaceChildren(node ? fieldsOf(node) : 'There is nothing with this id.');
  } catch (error) {
    body.replaceChildren(el('p', { class: 'error' }, error.message));
  }
  panel.scrollIntoView({ block: 'start' });
}

/** Of an object that says a token, whose own amounts and parts are in that token's units. */
function tokenOf({ token, amount, fee }) {
  return token ?? amount?.token ?? fee?.token;
}

function fieldsOf(object, token = tokenOf(object)) {
  const entries = Object.entries(object).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return el(
    'dl',
    {},
    ...entries.flatMap(([name, value]) => [el('dt', {}, label(name)), el('dd', {}, shown(name, value, token))]),
  );
}

/** acceptanceRate: "acceptance rate". */
function label(name) {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function shown(name, value, token) {
  if (Array.isArray(value))
    return el('div', {}, ...value.flatMap((item) => [shown(name, item, token), el('br')]).slice(0, -1));
  if (value && typeof value === 'object') return object(value, token);
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(4);
  if (typeof value === 'string' && (name === 'subjects' || name === 'id')) return link(value);
  if (coded.has(name)) return words(value);
  if (inUnits.has(name) && token) return money({ amount: value, token });
  return /^\d{4,}$/.test(value) ? grouped(value) : String(value);
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/** Two tokens may share a symbol: only the native one goes without its address. */
function money(amount) {
  const { token } = amount;
  const which = token.native || !token.symbol ? [] : [' ', link(token.id, `(${shortId(token.id.split(':')[2])})`)];
  return el('span', { title: `${amount.amount} units` }, amountText(amount), ...which);
}

function object(value, token) {
  const keys = Object.keys(value);
  if (keys.length === 1 && value.id) return link(value.id);
  if (value.token && value.amount) return money(value);
  if (value.source && token) return el('span', {}, `${words(value.source)} `, money({ amount: value.amount, token }));
  if (value.token && value.accrued) {
    const { token, accrued, feeShare, leakShare } = value;
    const shares = feeShare === null ? '' : `: ${percent(feeShare)} from fees, ${percent(leakShare)} leaks`;
    return el('span', {}, money({ token, amount: accrued }), shares);
  }
  if (value.block && value.eventId) {
    const { block, timestamp, event, eventId, transactionHash } = value;
    return el(
      'span',
      { title: `transaction ${transactionHash}, block ${block.hash}` },
      `${timeText(timestamp)}, block ${block.number}, `,
      link(eventId, event),
      ` (${words(block.finality)})`,
    );
  }
  if ('totalCount' in value) {
    const listed = value.nodes.flatMap((node) => [
      el('br'),
      Object.keys(node).length === 1 ? link(node.id) : fieldsOf(node),
    ]);
    return el('div', {}, grouped(value.totalCount), ...listed);
  }
  if (value.type && 'value' in value) return el('span', { title: value.type }, `${value.name} = ${value.value}`);
  return fieldsOf(value, tokenOf(value) ?? token);
}
