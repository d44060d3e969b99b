import type { EntityManager } from 'typeorm';

/** Raw data of which no good copy is known any more. */
export interface RawDataAtRisk {
  /** UUID of the file or package. */
  readonly id: string;
  /** Which of the two it is. */
  readonly of: 'raw_data_file' | 'raw_data_package';
  /** Its name: the path below the root of a location; null: a package that was never built. */
  readonly relativePath: string | null;
  /** UUID of a bad copy that is left. */
  readonly copyId: string;
  /** Where it lies. */
  readonly dataLocationId: number;
  /** What is wrong with it. */
  readonly badReason: string;
}

/** That something has a copy that is there and not known to be bad. */
function isSomewhere(column: string, key: string): string {
  return `EXISTS (SELECT 1 FROM physical_copy good WHERE good.${column} = ${key} AND good.bad_since IS NULL
      AND good.status NOT IN ('bad', 'deletion_in_progress', 'deleted'))`;
}

const PACKAGE_IS_INSIDE = `EXISTS (SELECT 1 FROM raw_data_package inside WHERE inside.id = it.id
      AND ${isSomewhere('data_transfer_package_id', 'inside.data_transfer_package_id')})`;

/** A package can be built again from its files. */
const FILES_ARE_THERE = `EXISTS (SELECT 1 FROM raw_data_file one WHERE one.raw_data_package_id = it.id)
    AND NOT EXISTS (SELECT 1 FROM raw_data_file part WHERE part.raw_data_package_id = it.id
      AND NOT ${isSomewhere('raw_data_file_id', 'part.id')})`;

const COPY = `bad.id AS "copyId", bad.data_location_id AS "dataLocationId", bad.bad_reason AS "badReason"`;

/** Selects what {@link RawDataAtRisk} says. */
export const RAW_DATA_AT_RISK = `
    SELECT it.id, 'raw_data_package' AS "of", it.relative_path AS "relativePath", ${COPY}
    FROM physical_copy bad JOIN raw_data_package it ON it.id = bad.raw_data_package_id
    WHERE bad.status = 'bad' AND NOT ${isSomewhere('raw_data_package_id', 'it.id')}
      AND NOT ${PACKAGE_IS_INSIDE} AND NOT (${FILES_ARE_THERE})
    UNION ALL
    SELECT it.id, 'raw_data_file', it.relative_path, ${COPY}
    FROM physical_copy bad JOIN raw_data_file it ON it.id = bad.raw_data_file_id
    WHERE bad.status = 'bad' AND NOT ${isSomewhere('raw_data_file_id', 'it.id')}
      AND NOT ${isSomewhere('raw_data_package_id', 'it.raw_data_package_id')}
      AND NOT EXISTS (SELECT 1 FROM raw_data_package outer_one WHERE outer_one.id = it.raw_data_package_id
        AND ${isSomewhere('data_transfer_package_id', 'outer_one.data_transfer_package_id')})`;

/**
 * Raw data whose last good copy is bad: neither another copy of the same thing is known to be good, nor one of what contains it. They
 * are an alarm, and nothing of this package ever declares them gone: somebody has to look for them. Of several bad copies each is
 * named.
 *
 * @example
 * import { declareBad, RawDataPackagePhysicalCopy, rawDataAtRisk } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(RawDataPackagePhysicalCopy, { dataLocation: { name: 'lta' } });
 * await declareBad(session, RawDataPackagePhysicalCopy, { ids: [id], reason: 'tape torn', by: 'operator' });
 * for (const { of, badReason } of await rawDataAtRisk(session)) console.log(of, badReason); // raw_data_package tape torn
 */
export function rawDataAtRisk(manager: EntityManager): Promise<RawDataAtRisk[]> {
  return manager.query(
    `SELECT * FROM (${RAW_DATA_AT_RISK}) risk ORDER BY risk."relativePath", risk."copyId"`,
  );
}
