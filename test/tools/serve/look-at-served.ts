/** A process that looks at a served page in a window as narrow as a phone, follows its link, and prints what it sees, as JSON. */
import type { Page } from 'puppeteer-core';
import { withPage } from '../report/with-page.js';

/** What a person sees on a phone. */
export interface OnPhone {
  /** Headings of the page, and of the one that its link leads to. */
  readonly headings: string[];
  /** Whether one of them, or the page of the model, is wider than the window. */
  readonly overflows: boolean[];
  /** Addresses of other servers that the pages asked for. */
  readonly requests: string[];
  /** What the browser complained about. */
  readonly errors: string[];
}

/** Run in the page, as text: the package knows no types of the browser. */
const HEADING = `document.querySelector('h1').textContent`;
const OVERFLOWS = 'document.documentElement.scrollWidth > window.innerWidth';

withPage(process.argv.slice(2), async (page: Page) => {
  await page.setViewport({ width: 390, height: 844 });
  const headings = [await page.evaluate(HEADING)];
  const overflows = [await page.evaluate(OVERFLOWS)];
  await Promise.all([page.waitForNavigation(), page.click('a[rel=prev]')]);
  headings.push(await page.evaluate(HEADING));
  overflows.push(await page.evaluate(OVERFLOWS));
  await page.goto(new URL('/schema', page.url()).href);
  overflows.push(await page.evaluate(OVERFLOWS));
  return { headings, overflows };
});
