import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import type { Nights } from './night.js';

/** Runs of one reduction step that completed with warnings. */
export interface RunWarnings {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Name of the step. */
  readonly step: string;
  /** How many runs. */
  readonly runs: number;
  /** UUID of the latest of them. */
  readonly latestRun: string;
}

/**
 * The reduction runs on data of some nights that completed with warnings, by step; also those that read the data through the products
 * of other runs.
 *
 * @example
 * import { ExecutedReductionStep } from 'ccat-ops-db';
 * import { readRunWarnings } from 'ccat-ops-db/report';
 *
 * console.log(await readRunWarnings(session, ['2026-11-30', '2026-12-06'])); // []
 *
 * const ofGridding = { reductionStep: { name: 'gridding' } };
 * const { id } = await session.findOneByOrFail(ExecutedReductionStep, ofGridding);
 * await session.update(ExecutedReductionStep, id, { withWarnings: true });
 * for (const { step, runs } of await readRunWarnings(session, ['2026-11-30', '2026-12-06']))
 *   console.log(step, runs); // gridding 1
 */
export async function readRunWarnings(manager: EntityManager, nights: Nights): Promise<RunWarnings[]> {
  const { parameter } = dialectOf(manager);
  const rows: (Omit<RunWarnings, 'runs'> & { runs: number | string })[] = await manager.query(
    `WITH RECURSIVE origin (run_id, package_id, product_id) AS (
        SELECT r.id, m.raw_data_package_id, m.data_product_id
        FROM executed_reduction_step r JOIN input_set_member m ON m.input_set_id = r.input_set_id
        WHERE r.with_warnings
      UNION
        SELECT origin.run_id, m.raw_data_package_id, m.data_product_id
        FROM origin JOIN data_product d ON d.id = origin.product_id
        JOIN executed_reduction_step r ON r.id = d.executed_reduction_step_id
        JOIN input_set_member m ON m.input_set_id = r.input_set_id
      ), warned AS (
        SELECT DISTINCT origin.run_id AS id
        FROM origin JOIN raw_data_package p ON p.id = origin.package_id
        JOIN executed_obs_unit e ON e.id = p.executed_obs_unit_id
        WHERE e.observing_night BETWEEN ${parameter(1)} AND ${parameter(2)}
      )
      SELECT pipeline.name AS pipeline, step.name AS step, count(*) AS runs,
        max(CAST(warned.id AS text)) AS "latestRun"
      FROM warned JOIN executed_reduction_step run ON run.id = warned.id
      JOIN reduction_step step ON step.id = run.reduction_step_id
      JOIN pipeline ON pipeline.id = step.pipeline_id
      GROUP BY pipeline.name, step.name, step.position ORDER BY pipeline.name, step.position`,
    [...nights],
  );
  return rows.map((row) => ({ ...row, runs: Number(row.runs) }));
}
