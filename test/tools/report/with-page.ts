import type { Page } from 'puppeteer-core';

/**
 * What a process does that looks at a page: opens it in a browser, and prints as JSON what is seen, with the addresses that
 * the page asked for besides itself and its own server (`requests`) and what the browser complained about (`errors`).
 * @param places where the browser is, and the page: a file, or an address
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
    const address = new URL(file as string, 'file:///');
    await page.goto(address.href);
    const seen = await look(page);
    const isOther = (url: URL) =>
      url.protocol !== 'data:' && url.origin + url.host !== address.origin + address.host;
    const others = requests.filter((url) => isOther(new URL(url)));
    process.stdout.write(JSON.stringify({ ...seen, requests: others, errors }));
  } finally {
    await browser.close();
  }
}
