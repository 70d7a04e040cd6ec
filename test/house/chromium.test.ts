import { launchChromium } from '../run/chromium';

test('a real browser runs scripts', async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<h1></h1><script>document.querySelector("h1").textContent = [1, 2].join("-")</script>');
    expect(await page.textContent('h1')).toBe('1-2');
  } finally {
    await browser.close();
  }
});
