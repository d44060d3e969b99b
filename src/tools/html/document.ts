import { createHash } from 'node:crypto';
import { element, escapeText, label } from './markup.js';

/** What a page consists of. */
interface Page {
  readonly title: string;
  readonly style: string;
  /** JavaScript of the page; none where left out. */
  readonly script?: string;
  /** Seconds after which a browser asks for the page again; never where left out. */
  readonly refreshSeconds?: number;
  /** Markup. */
  readonly body: readonly string[];
}

/** A page that is complete in itself: nothing is loaded from anywhere, and no other script than its own runs. */
export function htmlDocument({ title, style, script, refreshSeconds, body }: Page): string {
  const policy = [`default-src 'none'`, `style-src 'unsafe-inline'`, 'img-src data:'];
  if (script) policy.push(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `<!doctype html>\n${element('html', { lang: 'en' }, [
    element('head', {}, [
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width">',
      `<meta http-equiv="Content-Security-Policy" content="${escapeText(policy.join('; '))}">`,
      ...(refreshSeconds ? [`<meta http-equiv="refresh" content="${Math.ceil(refreshSeconds)}">`] : []),
      // A browser asks for an icon unless the page has one.
      '<link rel="icon" href="data:,">',
      label('title', title),
      element('style', {}, [style]),
    ]),
    element('body', {}, script ? [...body, element('script', {}, [script])] : body),
  ])}\n`;
}
