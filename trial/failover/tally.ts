import type { DataSource } from 'typeorm';
import { withDbSession } from '../../src/datasource.js';
import type { Seen } from './load.js';

const FOUND = `
  SELECT (SELECT count(*) FROM raw_data_file WHERE id = ANY ($1))::int AS files,
    (SELECT count(*) FROM staging_job WHERE id = ANY ($2) AND status = 'completed')::int AS jobs,
    (SELECT count(*) FROM (SELECT FROM physical_copy WHERE raw_data_file_id = ANY ($1)
      GROUP BY raw_data_file_id HAVING count(*) > 1) AS copied)::int AS copies`;

/** Results of the rounds of one scenario. */
export class Tally {
  static readonly HEAD = [
    '',
    'acknowledged',
    'found',
    'lost',
    'doubled',
    'longest s without a write',
    'errors',
  ];

  acknowledged = 0;
  found = 0;
  doubled = 0;
  lastRound = '';
  private readonly gapsMs: number[] = [];
  private readonly errors = new Map<string, number>();

  constructor(readonly name: string) {}

  get lost(): number {
    return this.acknowledged - this.found;
  }

  /** Compares acknowledged files and finished jobs with the current primary. */
  async add({ filed, done, longestGapMs, errors }: Seen, dataSource: DataSource): Promise<void> {
    const jobs = [...new Set(done)];
    const retry = { attempts: 20 };
    const [there] = await withDbSession((manager) => manager.query(FOUND, [filed, jobs]), {
      dataSource,
      retry,
    });
    const lost = filed.length + jobs.length - there.files - there.jobs;
    const doubled = done.length - jobs.length + there.copies;
    this.acknowledged += filed.length + jobs.length;
    this.found += there.files + there.jobs;
    this.doubled += doubled;
    this.gapsMs.push(longestGapMs);
    for (const [name, count] of errors) this.errors.set(name, (this.errors.get(name) ?? 0) + count);
    this.lastRound = `${filed.length} files, ${jobs.length} jobs, ${lost} lost, ${doubled} doubled, ${seconds(longestGapMs)} s without a write, ${list(errors)}`;
  }

  get row(): string[] {
    const { name, acknowledged, found, lost, doubled, gapsMs, errors } = this;
    const gaps = `${seconds(Math.min(...gapsMs))} to ${seconds(Math.max(...gapsMs))}`;
    return [name, ...[acknowledged, found, lost, doubled].map(String), gaps, list(errors)];
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function list(errors: ReadonlyMap<string, number>): string {
  return [...errors].map(([name, count]) => `${count} ${name}`).join(', ') || 'no errors';
}
