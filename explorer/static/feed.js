import { ask, subscribe } from './api.js';
import { amountText, el, grouped, link, shortId, timeText, words } from './format.js';

const MAX_ROWS = 60;
const fields = `id role beneficiary { id address } amount { amount token { id symbol decimals native } }
  backing { source amount } pool { id kind } inference { id model { id name } }
  contribution { id contributionId datanet { id name } }
  accruedAt { timestamp block { number hash } }`;

/** The last cursor that was handled: where the stream goes on after any interruption. */
let cursor = null;
const list = () => document.getElementById('rewards');

/** The newest rewards, then each one as it accrues; what a reorg takes back is struck through. */
export async function showRewards() {
  await load();
  subscribe(
    `subscription ($after: ChangeCursor) {
      rewards(after: $after) { cursor op id at { block { hash } } reward { ${fields} } }
    }`,
    {
      variables: () => ({ after: cursor }),
      next: ({ rewards }) => {
        handle(rewards);
        cursor = rewards.cursor;
      },
      state: (state) => pill(state === 'live' ? 'good' : 'bad', state === 'live' ? 'live' : 'reconnecting…'),
      // The cursor is of no use any more: begin with a fresh page.
      failed: load,
    },
  );
}

async function load() {
  const { rewards } = await ask(`{ rewards(first: 30) { nodes { ${fields} } pageInfo { changeCursor } } }`);
  list().replaceChildren(...rewards.nodes.map(row));
  if (rewards.nodes.length === 0) list().append(el('li', { class: 'empty' }, 'No rewards yet.'));
  cursor = rewards.pageInfo.changeCursor;
}

function handle({ op, id, at, reward }) {
  if (op === 'RETRACT') {
    const gone = list().querySelector(`[data-key="${CSS.escape(keyOf(id, at.block.hash))}"]`);
    if (!gone) return;
    gone.classList.add('retracted');
    gone.querySelector('.when').textContent = 'taken back by a reorg';
  } else if (op === 'APPLY' && reward) {
    list().querySelector('.empty')?.remove();
    const item = row(reward);
    item.classList.add('fresh');
    list().prepend(item);
    while (list().children.length > MAX_ROWS) list().lastElementChild.remove();
  }
}

const keyOf = (id, blockHash) => `${id}@${blockHash}`;

function row(reward) {
  const { amount, role, beneficiary, accruedAt, pool, inference, contribution } = reward;
  const reasons = [
    inference ? ['for ', link(inference.id, 'an inference'), ...ofNamed(inference.model)] : null,
    contribution
      ? [
          inference ? ' through ' : 'for ',
          link(contribution.id, `contribution ${contribution.contributionId}`),
          ...ofNamed(contribution.datanet),
        ]
      : null,
    pool ? [inference || contribution ? ', from the ' : 'from the ', link(pool.id, `${words(pool.kind)} pool`)] : null,
  ].filter(Boolean);
  return el(
    'li',
    { 'data-key': keyOf(reward.id, accruedAt.block.hash) },
    el(
      'div',
      {},
      el('a', { class: 'amount', href: `#${reward.id}`, title: `${amount.amount} units` }, amountText(amount)),
      bar(reward),
    ),
    el('div', { class: 'who' }, `${words(role)} `, link(beneficiary.id, shortId(beneficiary.address))),
    el('div', { class: 'why' }, ...(reasons.length > 0 ? reasons.flat() : ['for what the chain does not say'])),
    el(
      'div',
      { class: 'when', title: accruedAt.timestamp },
      el('span', {}, `block ${grouped(accruedAt.block.number)}`),
      el('span', {}, timeText(accruedAt.timestamp)),
    ),
  );
}

/** " of Solidity audits": by its id while its name is not known. */
function ofNamed(entity) {
  return entity ? [' of ', link(entity.id, entity.name ?? shortId(entity.id))] : [];
}

const SVG = 'http://www.w3.org/2000/svg';

/** What backed the reward, as parts of a line. */
function bar({ backing, amount }) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 1000 6');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `backed by ${backing.map(({ source }) => words(source)).join(', ') || 'nothing'}`);
  const total = BigInt(amount.amount);
  let x = 0;
  for (const part of backing) {
    const width = total === 0n ? 0 : Number((BigInt(part.amount) * 1000n) / total);
    const rect = document.createElementNS(SVG, 'rect');
    for (const [name, value] of Object.entries({ x, y: 0, width, height: 6, class: part.source.toLowerCase() })) {
      rect.setAttribute(name, value);
    }
    svg.append(rect);
    x += width;
  }
  return svg;
}

function pill(kind, text) {
  const element = document.getElementById('live');
  element.className = `pill ${kind}`;
  element.textContent = text;
}
