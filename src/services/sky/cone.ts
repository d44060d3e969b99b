import type { EntityManager } from 'typeorm';
import { dialectOf, onDialect } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import { type Row, Statement } from '../../database/statement.js';
import { atOnce, type BoundStatement } from '../../database/together.js';
import { type FieldShape, type OffsetFrame, Source } from '../../entities/index.js';
import { assertNumber, assertOptions } from '../../values/arguments.js';
import { readMany } from '../reading/index.js';
import { type CellRange, cellsOfCone } from './cover.js';
import { angleBetween, directionOf } from './direction.js';
import { distanceFromField, type FieldExtent } from './field.js';
import { assertPlace, type SkyPlace } from './target.js';

/** A circle on the sky. */
export interface Cone extends SkyPlace {
  /** Radius; the rim belongs to the cone [deg]. */
  readonly radiusDeg: number;
}

/** A source in a cone. */
export interface SourceWithin {
  /** The source. */
  readonly source: Source;
  /** How far it is from the middle of the cone; 0 for a field that has the middle in it [deg]. */
  readonly distanceDeg: number;
}

/**
 * The sources in a cone, fields with their extent. What moves has no place and is not found.
 * @param cone its middle in ICRS, and its radius
 * @returns the nearest first, by key where distances are alike
 * @throws OpsDbError `value_invalid` for an angle out of its range
 *
 * @example
 * import { sourcesWithin } from 'ccat-ops-db';
 *
 * const found = await sourcesWithin(session, { raDeg: 83.81, decDeg: -5.37, radiusDeg: 0.1 });
 * for (const { source, distanceDeg } of found.slice(0, 1)) console.log(source.name, distanceDeg); // OrionA 0
 * console.log(found.length); // 4
 */
export async function sourcesWithin(manager: EntityManager, cone: Cone): Promise<SourceWithin[]> {
  const [sources] = await distancesWithin(manager, cone);
  return withSources(manager, sources);
}

/** Reads the sources that have a distance. */
async function withSources(
  manager: EntityManager,
  distances: ReadonlyMap<number, number>,
): Promise<SourceWithin[]> {
  if (distances.size === 0) return [];
  const sources = await readMany(manager, Source, { where: { id: oneOf(manager, [...distances.keys()]) } });
  return sources
    .map((source) => ({ source, distanceDeg: distances.get(source.id) as number }))
    .sort((one, other) => one.distanceDeg - other.distanceDeg || one.source.id - other.source.id);
}

/** How far sources, and executions whose target moved, are from the middle of a cone, of those within it [deg]. */
export async function distancesWithin(
  manager: EntityManager,
  cone: Cone,
): Promise<[sources: Map<number, number>, executions: Map<string, number>]> {
  assertOptions('the cone', cone);
  assertPlace(cone);
  assertNumber('radiusDeg', cone.radiusDeg, 0, 180);
  const [fixed = [], fields = [], executions = []] = await atOnce(manager, [
    coneStep(manager, 'source', cone),
    [FIELDS, []],
    coneStep(manager, 'executed_obs_unit', cone),
  ]);
  const sources = new Map([...pointsWithin<number>(fixed, cone), ...fieldsWithin(fields, cone)]);
  return [sources, new Map(pointsWithin<string>(executions, cone))];
}

/** The databases round otherwise than the exact test, which comes after them [deg]. */
const SLACK_DEG = 1e-5;
const DEGREE = Math.PI / 180;

/** Keys and positions of the rows of a table in the cells of a cone, without most of those outside of it. */
function coneStep(manager: EntityManager, table: string, cone: Cone): BoundStatement {
  const { raDeg, decDeg, radiusDeg } = cone;
  const ranges = cellsOfCone(raDeg, decDeg, radiusDeg);
  const { parameter } = dialectOf(manager);
  const { from, parameters } = onDialect(manager, {
    postgresql: postgresqlCells(table, ranges),
    sqlite: {
      from: `(SELECT value ->> 0 AS first, value ->> 1 AS last FROM json_each(?)) cells
        CROSS JOIN ${table} point ON point.sky_cell BETWEEN cells.first AND cells.last`,
      parameters: [JSON.stringify(ranges satisfies CellRange[])],
    },
  });
  const place = Array.from({ length: 4 }, (_, index) => parameter(parameters.length + 1 + index));
  const text = `SELECT point.id, point.ra_deg, point.dec_deg FROM ${from}
    WHERE sin(radians(point.dec_deg)) * ${place[0]} + cos(radians(point.dec_deg)) * cos(radians(point.ra_deg) - ${place[1]}) * ${place[2]} >= ${place[3]}`;
  const [dec, ra] = [decDeg * DEGREE, raDeg * DEGREE];
  const least = Math.cos(Math.min(radiusDeg + SLACK_DEG, 180) * DEGREE);
  return [statementOf(text), [...parameters, Math.sin(dec), ra, Math.cos(dec), least]];
}

/** Of a wider cone the cells are not named one by one. */
const MOST_CELLS = 4096;

/**
 * The rows of a table in cells. PostgreSQL does not know how few rows a range of cells has: of a join it reads the whole table. So it
 * is given the cells one by one, and of a wide cone the ranges one after the other (OFFSET 0 keeps it from making a join of them).
 */
function postgresqlCells(
  table: string,
  ranges: readonly CellRange[],
): { readonly from: string; readonly parameters: unknown[] } {
  const count = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (count <= MOST_CELLS)
    return {
      from: `(SELECT id, ra_deg, dec_deg FROM ${table} WHERE sky_cell = ANY ($1::integer[]) OFFSET 0) point`,
      parameters: [ranges.flatMap(([first, last]) => numbersBetween(first, last))],
    };
  return {
    from: `unnest($1::integer[], $2::integer[]) AS cells (first, last) CROSS JOIN LATERAL (
      SELECT id, ra_deg, dec_deg FROM ${table} WHERE sky_cell BETWEEN cells.first AND cells.last OFFSET 0) point`,
    parameters: [ranges.map(([first]) => first), ranges.map(([, last]) => last)],
  };
}

function numbersBetween(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const FIELDS = new Statement(
  `SELECT id, field_shape, center_ra_deg, center_dec_deg, width_deg, height_deg, field_frame, rotation_deg
   FROM source WHERE type = 'constant_elevation_source'`,
);

const statements = new Map<string, Statement>();

/** The statement of a text, one for all that have it. */
export function statementOf(text: string): Statement {
  const statement = statements.get(text) ?? new Statement(text);
  statements.set(text, statement);
  return statement;
}

function pointsWithin<Key>(rows: readonly Row[], cone: Cone): [Key, number][] {
  const middle = directionOf(cone.raDeg, cone.decDeg);
  return rows
    .map(([id, ra, dec]): [Key, number] => [
      id as Key,
      angleBetween(middle, directionOf(ra as number, dec as number)),
    ])
    .filter(([, distanceDeg]) => distanceDeg <= cone.radiusDeg);
}

function fieldsWithin(rows: readonly Row[], cone: Cone): [number, number][] {
  return rows.flatMap((row): [number, number][] => {
    const field: FieldExtent = {
      fieldShape: row[1] as FieldShape,
      centerRaDeg: row[2] as number | null,
      centerDecDeg: row[3] as number | null,
      widthDeg: row[4] as number | null,
      heightDeg: row[5] as number | null,
      fieldFrame: row[6] as OffsetFrame,
      rotationDeg: row[7] as number | null,
    };
    const distanceDeg = distanceFromField(cone, field, cone.radiusDeg);
    return distanceDeg === undefined || distanceDeg > cone.radiusDeg ? [] : [[row[0] as number, distanceDeg]];
  });
}
