// Pictures of every page of the explorer at 360 and 1600 px, light and dark, of a Flywheel that runs:
//   npm run screenshots -- http://127.0.0.1:4000 folder
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const [url = 'http://127.0.0.1:4000', folder = 'screenshots', only] = process.argv.slice(2);
const widths = [1600, 360];
const themes = ['light', 'dark'];
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const browser = await chromium.launch({
  executablePath: installed.find((file) => existsSync(file)) ?? (await sparticuz.executablePath()),
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
try {
  mkdirSync(folder, { recursive: true });
  const places = Object.entries(await pages()).filter(([name]) => !only || only.split(',').includes(name));
  for (const colorScheme of themes) {
    for (const width of widths) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      for (const [name, place] of places) await take(context, name, place, `${name}-${width}-${colorScheme}.png`);
      await context.close();
    }
  }
} finally {
  await browser.close();
}

/** Charts come when they are looked at: so the page is gone through once, and then seen whole from its beginning. */
async function take(context, name, place, file) {
  const page = await context.newPage();
  try {
    await page.goto(url + place);
    await page.locator('h1').waitFor();
    for (let calm = 0; calm < 3; ) {
      await page.evaluate('window.scrollBy(0, innerHeight); scrollY + innerHeight');
      await page.waitForTimeout(150);
      const isWhole = await page.evaluate(
        '!document.querySelector(".loading") && scrollY + innerHeight >= document.documentElement.scrollHeight - 2',
      );
      calm = isWhole ? calm + 1 : 0;
    }
    await page.evaluate('window.scrollTo(0, 0)');
    await page.screenshot({ path: path.join(folder, file), fullPage: true });
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
  await page.close();
}

async function pages() {
  const query = `{
    datanets(first: 1, orderBy: { field: CONTRIBUTIONS }) { nodes { id } } models(first: 1, orderBy: { field: INFERENCES }) { nodes { id } }
    contributions(first: 1, orderBy: { field: INFLUENCES }) { nodes { id } } rewards(first: 100, where: { role: CONTRIBUTOR }) {
      nodes { id beneficiary { address } pool { id } contribution { id } inference { id } accruedAt { eventId block { chainId number } } } } }`;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { datanets, models, contributions, rewards } = (await response.json()).data;
  // One that was paid for an answer, where there is one: it has a reason that can be shown.
  const reward = rewards.nodes.find(({ inference }) => inference) ?? rewards.nodes[0];
  const { chainId, number } = reward?.accruedAt.block ?? {};
  return {
    home: '/',
    datanets: '/datanets',
    models: '/models',
    contributors: '/contributors?role=CONTRIBUTOR',
    contributions: '/contributions',
    inferences: '/inferences?attributed=yes',
    rewards: '/rewards?role=CONTRIBUTOR',
    flywheel: '/flywheel',
    status: '/status',
    search: '/search?q=a',
    missing: '/datanet:1:999999',
    datanet: `/${datanets.nodes[0]?.id}`,
    model: `/${models.nodes[0]?.id}`,
    contribution: `/${contributions.nodes[0]?.id}`,
    inference: `/${reward?.inference?.id}`,
    reward: `/${reward?.id}`,
    account: `/account:${reward?.beneficiary.address.toLowerCase()}`,
    pool: `/${reward?.pool?.id}`,
    paths: `/paths?from=${reward?.contribution?.id}&to=account:${reward?.beneficiary.address.toLowerCase()}`,
    past: `/${datanets.nodes[0]?.id}?asof=${chainId}:${Math.floor(number / 2)}`,
    event: `/${reward?.accruedAt.eventId}`,
  };
}
