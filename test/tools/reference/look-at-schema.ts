/** A process that uses the schema page in a browser and prints what it sees, as JSON; run by a test. */
import type { Page } from 'puppeteer-core';
import { withPage } from '../report/with-page.js';

/** What is to be seen at one moment. */
export interface Sight {
  /** The part of the address behind `#`. */
  readonly hash: string;
  /** Headings of the entries that are shown. */
  readonly headings: string[];
  /** The entry that the navigation marks. */
  readonly current: string | null;
  /** What is found, the selected one first. */
  readonly found: string[];
  /** The row that is marked. */
  readonly row: string | null;
  /** What has the focus: its id, or its text. */
  readonly focus: string;
  readonly background: string;
  readonly text: string;
  /** Whether the page is wider than the window. */
  readonly overflows: boolean;
}

/** What is seen of the schema page, step by step. */
export interface SchemaSeen {
  readonly sights: Readonly<Record<string, Sight>>;
  /** Tables whose entries lack something, or that no link of the navigation leads to. */
  readonly incomplete: string[];
  /** Links that lead nowhere. */
  readonly broken: string[];
  readonly requests: string[];
  readonly errors: string[];
}

const LOOK = `(() => {
  const shown = (node) => node.checkVisibility();
  const options = [...document.querySelectorAll('#found [role=option]')].filter(shown);
  const selected = options.filter((node) => node.getAttribute('aria-selected') === 'true');
  const names = [...selected, ...options.filter((node) => !selected.includes(node))].map((node) => node.dataset.target);
  const focused = document.activeElement;
  return {
    hash: decodeURIComponent(location.hash),
    headings: [...document.querySelectorAll('h1')].filter(shown).map((node) => node.textContent),
    current: document.querySelector('nav [aria-current]')?.textContent ?? null,
    found: names,
    row: document.querySelector('tr.found')?.id ?? null,
    focus: focused.id || focused.textContent,
    background: getComputedStyle(document.body).backgroundColor,
    text: document.querySelector('main').innerText,
    overflows: document.documentElement.scrollWidth > innerWidth,
  };
})()`;

const CHECK = `(() => {
  const tables = [...document.querySelectorAll('article')].filter((node) => node.querySelector('.kind')?.textContent.startsWith('table in'));
  const isComplete = (node) =>
    node.querySelector('h2 + .scroll td') && node.querySelector('pre') && node.textContent.includes('CREATE TABLE') &&
    document.querySelector('nav a[href="#' + node.id + '"]');
  const links = [...document.querySelectorAll('a')].map((node) => node.getAttribute('href') ?? node.getAttribute('xlink:href'));
  return {
    incomplete: tables.filter((node) => !isComplete(node)).map((node) => node.id),
    broken: links.filter((href) => href && !(href[0] === '#' && document.getElementById(href.slice(1)))),
  };
})()`;

/** What a reader does, by the name of what is seen then. */
const STEPS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  opened: async () => {},
  searching: async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('executed start_time');
  },
  opening: (page) => page.keyboard.press('Enter'),
  choosing: async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('site');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
  },
  leaving: (page) => page.keyboard.press('Escape'),
  misspelling: async (page) => {
    await page.keyboard.type('nosuchthing');
    await page.keyboard.press('Enter');
  },
  relation: async (page) => {
    await page.keyboard.press('Escape');
    await page.click('article.current .facts a[href="#obs_unit"]');
  },
  diagram: async (page) => {
    await page.click('nav a[href="#domain-execution"]');
    await page.evaluate(`document.querySelector('article.current figure a[*|href="#obs_unit"]').focus()`);
    await page.keyboard.press('Enter');
  },
  back: (page) => page.goBack(),
  lifecycle: (page) => page.evaluate(`location.hash = '#physical_copy'`),
  light: async (page) => {
    await page.focus('#theme');
    await page.keyboard.press('Enter');
  },
  dark: (page) => page.keyboard.press('Enter'),
  darkByComputer: async (page) => {
    await page.keyboard.press('Enter');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  },
  narrow: (page) => page.setViewport({ width: 390, height: 800 }),
};

withPage(process.argv.slice(2), async (page) => {
  await page.setViewport({ width: 1440, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  const sights: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(STEPS)) {
    await step(page);
    // The page follows its address a moment later.
    await page.evaluate('new Promise((done) => setTimeout(done, 50))');
    sights[name] = await page.evaluate(LOOK);
  }
  return { sights, ...((await page.evaluate(CHECK)) as object) };
});
