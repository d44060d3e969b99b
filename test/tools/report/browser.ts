import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Seen } from './look-at-page.js';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browser for the tests: the one in `OPSDB_TEST_BROWSER`, or one that is installed.
 * @throws Error when there is none
 */
function findBrowser(): string {
  const browser = process.env.OPSDB_TEST_BROWSER ?? PLACES.find((file) => existsSync(file));
  if (browser) return browser;
  throw new Error(
    'no browser to look at the page with: install one (apt-get install chromium), or set OPSDB_TEST_BROWSER to its path',
  );
}

/** Opens a report in the browser. */
export function lookAt(file: string): Promise<Seen> {
  return lookWith(path.join(__dirname, 'look-at-page.js'), file);
}

/**
 * Opens a file in the browser and looks at it.
 * @param script the process that looks, made with `withPage`
 */
export async function lookWith<S>(script: string, file: string): Promise<S> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, findBrowser(), file], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as S;
}
