import { attentions } from '../../../src/tools/report/attention.js';
import type { NightExecution, Waiting } from '../../../src/tools/report/index.js';

const now = new Date('2026-11-28T12:00:00Z');
const waiting = (status: string, hours: number): Waiting => ({
  work: 'transfers',
  place: 'cologne input_buffer',
  status,
  count: 3,
  since: new Date(now.getTime() - hours * 3_600_000),
});
const execution = (status: string) =>
  ({ status, obsUnit: 'Saturn/cross_scan', startTime: new Date('2026-11-28T02:00:00Z') }) as NightExecution;

describe('what needs attention', () => {
  it('is what failed, then what has waited for more than a day, then what was broken off', () => {
    const found = attentions(
      [execution('completed'), execution('aborted')],
      [waiting('pending', 23), waiting('pending', 25), waiting('failed', 1), waiting('deletion_failed', 30)],
      now,
    );
    expect(found.map(({ reason, what }) => `${reason}: ${what}`)).toEqual([
      'failed: 3 × transfers, failed, at cologne input_buffer',
      'failed: 3 × transfers, deletion_failed, at cologne input_buffer',
      'waits longer than 24 h: 3 × transfers, pending, at cologne input_buffer',
      'aborted: Saturn/cross_scan',
    ]);
  });

  it('is nothing where all goes well', () => {
    expect(attentions([execution('completed'), execution('running')], [waiting('pending', 1)], now)).toEqual(
      [],
    );
  });
});
