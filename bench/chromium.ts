import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The machine's own Chromium, else the one that comes inside an npm package. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { default: sparticuz } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: installed.find((file) => existsSync(file)) ?? (await sparticuz.executablePath()),
    // Root can't use the sandbox, and a machine without a screen has no GPU: frames are drawn by the processor.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}
