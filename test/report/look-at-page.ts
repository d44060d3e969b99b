/** A process that opens a page in a browser and prints what it sees, as JSON; run by a test. */
import type { Page } from 'puppeteer-core';

/** What a browser sees of a page. */
export interface Seen {
  readonly title: string;
  /** Addresses that the page asked for, besides itself. */
  readonly requests: string[];
  /** What the browser complained about. */
  readonly errors: string[];
  /** Visible sections by their ids, each with its height in pixels. */
  readonly sections: Record<string, number>;
  /** Sizes of what stands for an execution or a position, in pixels. */
  readonly shapes: Record<'execution' | 'position', { width: number; height: number }[]>;
  /** Whether the page is wider than the window. */
  readonly overflows: boolean;
  readonly text: string;
}

async function main([executablePath, file]: string[]): Promise<void> {
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

/** Runs in the page, as text: the package knows no types of the browser. */
const LOOK = `(() => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((node) => {
    const { width, height } = node.getBoundingClientRect();
    return { width, height };
  });
  return {
    title: document.title,
    sections: Object.fromEntries(
      [...document.querySelectorAll('section')].map((node) => [node.id, node.getBoundingClientRect().height])),
    shapes: { execution: boxes('.execution'), position: boxes('.position') },
    overflows: document.documentElement.scrollWidth > window.innerWidth,
    text: document.body.innerText,
  };
})()`;

async function look(page: Page): Promise<Omit<Seen, 'requests' | 'errors'>> {
  return (await page.evaluate(LOOK)) as Omit<Seen, 'requests' | 'errors'>;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
