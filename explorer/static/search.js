import { ask } from './api.js';
import { counted, el, link, shortId, timeText, words } from './format.js';

const query = `query ($text: String!) {
  search(text: $text, first: 20) {
    __typename
    ... on Node { id }
    ... on Datanet { name contributionCount }
    ... on Model { name inferenceCount }
    ... on Contribution { status stage }
    ... on Account { roles }
    ... on Pool { kind }
    ... on Block { chainId number hash timestamp finality }
  }
}`;

/** What was typed, looked for. */
export function watchSearch() {
  const form = document.getElementById('search');
  const panel = document.getElementById('results');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = form.elements.text.value.trim();
    panel.hidden = text === '';
    if (text === '') return;
    const list = panel.querySelector('.found');
    list.replaceChildren(el('li', {}, '…'));
    try {
      const { search } = await ask(query, { text });
      list.replaceChildren(
        ...(search.length > 0 ? search.map(result) : [el('li', {}, `Nothing is called “${text}”.`)]),
      );
    } catch (error) {
      list.replaceChildren(el('li', { class: 'error' }, error.message));
    }
  });
  panel.querySelector('.close').addEventListener('click', () => {
    panel.hidden = true;
  });
}

function result(found) {
  const { __typename: type, id } = found;
  if (type === 'Block') {
    const text = `Block ${found.number} of chain ${found.chainId}`;
    return el(
      'li',
      {},
      text,
      ' ',
      el('small', {}, `${timeText(found.timestamp)}, ${words(found.finality)}, ${shortId(found.hash)}`),
    );
  }
  const notes = {
    Datanet: () => `datanet, ${counted(found.contributionCount, 'contribution')}`,
    Model: () => `model, ${counted(found.inferenceCount, 'inference')}`,
    Contribution: () => `contribution, ${words(found.status)}, ${words(found.stage)}`,
    Account: () => `account${found.roles.length > 0 ? `, ${found.roles.map(words).join(', ')}` : ''}`,
    Pool: () => `${words(found.kind)} pool`,
  };
  return el(
    'li',
    {},
    link(id, found.name ?? shortId(id)),
    ' ',
    el('small', {}, (notes[type] ?? (() => words(type)))()),
  );
}
