/** A process that opens a page in a browser and prints what it sees, as JSON; run by a test. */
import { withPage } from './with-page.js';

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

withPage(process.argv.slice(2), (page) => page.evaluate(LOOK) as Promise<object>);
