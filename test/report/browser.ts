import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Seen } from './look-at-page.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser for the tests: the one in `OPSDB_TEST_BROWSER`, or one that is installed. */
export function findBrowser(): string | undefined {
  return process.env.OPSDB_TEST_BROWSER ?? PLACES.find((file) => existsSync(file));
}

/** Opens a file in the browser. */
export async function lookAt(file: string): Promise<Seen> {
  const browser = findBrowser();
  if (!browser)
    throw new Error(
      'no browser to look at the page with: install one (apt-get install chromium), or set OPSDB_TEST_BROWSER to its path',
    );
  const script = path.join(__dirname, 'look-at-page.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, browser, file]);
  return JSON.parse(stdout) as Seen;
}
