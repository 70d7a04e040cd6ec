import { watchDetail } from './detail.js';
import { showRewards } from './feed.js';
import { el } from './format.js';
import { watchSearch } from './search.js';
import { showStatus } from './status.js';

const RETRY_MS = 3000;

/** Shows a part, and tries again while the server is not there yet. */
async function keepTrying(show, place) {
  try {
    await show();
  } catch (error) {
    document.getElementById(place).replaceChildren(el('li', { class: 'error' }, error.message));
    setTimeout(() => keepTrying(show, place), RETRY_MS);
  }
}

watchSearch();
watchDetail();
keepTrying(showStatus, 'chains');
keepTrying(showRewards, 'rewards');
