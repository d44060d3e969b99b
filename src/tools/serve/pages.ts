import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { OpsDbError } from '../../errors.js';
import { htmlDocument } from '../html/document.js';
import { element, label } from '../html/markup.js';
import { schemaPage } from '../reference/index.js';
import { readLatestNights, reportPage } from '../report/index.js';

/** The response to a request. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** The page. */
  readonly body: string;
}

const LINKS = { 'latest night': '/', 'the model': '/schema' };
const NIGHT = /^\/night\/(\d{4}-\d{2}-\d{2})$/;

/** The page for an address. It is read in one snapshot, in a read-only transaction. */
export async function pageOf(dataSource: DataSource, path: string, refreshSeconds?: number): Promise<Answer> {
  if (path === '/schema') return { status: 200, body: await schemaPage() };
  const night = NIGHT.exec(path)?.[1];
  if (path !== '/' && (night === undefined || !isDate(night)))
    return message(
      404,
      'There is no such page',
      'See / for the latest night, /night/2026-11-23 for another, /schema for the model.',
    );
  return dataSource.transaction(dialectOf(dataSource).snapshotIsolation, async (manager) => {
    const shown = night ?? (await readLatestNights(manager, 1))[0]?.night;
    if (shown === undefined)
      return message(
        200,
        'Nothing was observed yet',
        'The latest night is shown here as soon as an execution is there.',
        refreshSeconds,
      );
    const options = { addressOf: (other: string) => `/night/${other}`, links: LINKS, refreshSeconds };
    return { status: 200, body: await reportPage(manager, shown, shown, options) };
  });
}

/** The page for an error; it shows no details of a bug. */
export function pageOfError(error: unknown): Answer {
  return error instanceof OpsDbError
    ? message(503, 'The page cannot be shown', error.message)
    : message(500, 'The page cannot be shown', 'This is a bug; the terminal of opsdb serve has the details.');
}

/** A page with a sentence, and the way to the other pages. */
export function message(status: number, title: string, text: string, refreshSeconds?: number): Answer {
  const style = `:root { color-scheme: light dark; }
    body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem; }
    nav { display: flex; gap: 1.5rem; flex-wrap: wrap; }`;
  const links = Object.entries(LINKS).map(([name, href]) => label('a', name, { href }));
  const body = [label('h1', title), label('p', text), element('nav', {}, links)];
  return { status, body: htmlDocument({ title, style, refreshSeconds, body }) };
}

function isDate(text: string): boolean {
  const time = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text) && text >= '1900';
}
