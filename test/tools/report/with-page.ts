import type { Page } from 'puppeteer-core';

/**
 * What a process does that looks at a page: opens it in a browser, and prints as JSON what is seen, with the addresses that
 * the page asked for besides itself (`requests`) and what the browser complained about (`errors`).
 * @param places where the browser and the page are
 */
export function withPage(places: readonly string[], look: (page: Page) => Promise<object>): void {
  main(places, look).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}

async function main(
  [executablePath, file]: readonly string[],
  look: (page: Page) => Promise<object>,
): Promise<void> {
  const { default: puppeteer } = await import('puppeteer-core');
  // Within a container the browser has no sandbox of its own; the page is ours.
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => errors.push(message.text()));
    await page.goto(`file://${file}`);
    const seen = await look(page);
    const others = requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'));
    process.stdout.write(JSON.stringify({ ...seen, requests: others, errors }));
  } finally {
    await browser.close();
  }
}
