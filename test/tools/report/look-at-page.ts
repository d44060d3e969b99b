/** A process that opens a page in a browser and prints what it sees, as JSON; run by a test. */
import { withPage } from './with-page.js';

/** Widths of the window [px]. */
export const WIDTHS = [1280, 390];

/** What a browser sees of a page. */
export interface Seen {
  /** In windows of {@link WIDTHS}. */
  readonly views: readonly View[];
  /** What is printed, as {@link View.text}. */
  readonly printed: string;
  /** Addresses that the page asked for, besides itself. */
  readonly requests: string[];
  /** What the browser complained about. */
  readonly errors: string[];
}

/** What is to be seen in a window. */
export interface View {
  readonly title: string;
  /** Visible sections by their ids, each with its height in pixels. */
  readonly sections: Record<string, number>;
  /** Sizes of what stands for an execution, a position or what a bar has reached, in pixels. */
  readonly shapes: Record<'execution' | 'position' | 'part', { width: number; height: number }[]>;
  /** Sections with charts, and whether each chart has a legend. */
  readonly charts: Record<string, boolean>;
  /** Whether the page is wider than the window. */
  readonly overflows: boolean;
  readonly text: string;
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
    shapes: { execution: boxes('.execution'), position: boxes('.position'), part: boxes('.part') },
    charts: Object.fromEntries(
      [...document.querySelectorAll('section')]
        .map((node) => [node.id, node.querySelectorAll('svg, .bars').length, node.querySelectorAll('.legend').length])
        .filter(([, charts]) => charts > 0)
        .map(([id, charts, legends]) => [id, legends === charts])),
    overflows: document.documentElement.scrollWidth > window.innerWidth,
    text: document.body.innerText,
  };
})()`;

/** Only when it is a process of its own: the test imports the widths. */
if (require.main === module)
  withPage(process.argv.slice(2), async (page) => {
    const views: View[] = [];
    for (const width of WIDTHS) {
      await page.setViewport({ width, height: 800 });
      views.push((await page.evaluate(LOOK)) as View);
    }
    await page.emulateMediaType('print');
    return { views, printed: await page.evaluate('document.body.innerText') };
  });
