import type { Context } from './context.js';

const HOUR_S = 3_600;

/**
 * The columns of work with a status: worker, times, attempts. Every second worker is silent, every fifth pending row
 * waits for its next try.
 * @param status an expression
 * @param execution number of the execution that the work is for
 * @param seconds from the start of the execution to the end of the work
 */
export function workValues(
  { at, dialect }: Context,
  status: string,
  execution: string,
  seconds: number,
): Record<string, string> {
  const only = (statuses: string, value: string) => `CASE WHEN ${status} IN (${statuses}) THEN ${value} END`;
  const inHand = `'scheduled', 'in_progress', 'staging_data', 'submitted', 'running'`;
  const ended = `'completed', 'failed'`;
  return {
    status,
    retryCount: `CASE WHEN ${status} = 'failed' THEN 1 + n % 2 * 2 ELSE 0 END`,
    nextRetryAt: `CASE WHEN ${status} = 'pending' AND n % 5 = 0 THEN ${dialect.instant(`${240 * HOUR_S}`)} END`,
    claimedBy: only(inHand, `'worker'`),
    heartbeatAt: only(inHand, dialect.instant(`-20 - n % 2 * ${12 * HOUR_S}`)),
    scheduledAt: `CASE WHEN ${status} <> 'pending' THEN ${at(execution, seconds - 120)} END`,
    startedAt: `CASE WHEN ${status} NOT IN ('pending', 'scheduled') THEN ${at(execution, seconds - 60)} END`,
    finishedAt: only(ended, at(execution, seconds)),
    lastError: only(`'failed'`, `'connection lost'`),
    createdAt: at(execution, seconds - 300),
    updatedAt: at(execution, seconds),
  };
}
