import type { NightExecution } from './night.js';
import { isBrokenOff } from './timeline.js';
import type { Waiting } from './waiting.js';

/** Work that has waited longer needs attention [h]. */
export const WAITS_TOO_LONG_H = 24;

/** Something that an operator should look at. */
export interface Attention {
  /** Why, such as `failed`. */
  readonly reason: string;
  /** What, such as `3 transfers at cologne input_buffer`. */
  readonly what: string;
  /** Since when, UTC. */
  readonly since: Date;
}

/** Failed work, work that has waited too long, and aborted observations, in this order, the oldest first. */
export function attentions(
  executions: readonly NightExecution[],
  waiting: readonly Waiting[],
  now: Date,
): Attention[] {
  const latest = now.getTime() - WAITS_TOO_LONG_H * 3_600_000;
  const isFailed = ({ status }: Waiting) => status.endsWith('failed');
  const of = (reason: string, some: readonly Waiting[]) =>
    some.map(({ work, place, status, count, since }) => {
      const what = `${count} × ${work}, ${status}${place ? `, at ${place}` : ''}`;
      return { reason, what, since };
    });
  const broken = executions.filter(isBrokenOff);
  return [
    ...of('failed', waiting.filter(isFailed)),
    ...of(
      `waits longer than ${WAITS_TOO_LONG_H} h`,
      waiting.filter((each) => !isFailed(each) && each.since.getTime() < latest),
    ),
    ...broken.map(({ status, obsUnit, startTime }) => ({ reason: status, what: obsUnit, since: startTime })),
  ];
}
