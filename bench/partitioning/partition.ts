import type { DataSource } from 'typeorm';
import { uuidOf } from '../support/year/kinds.js';
import { FILES, type Year } from '../support/year/year.js';

/** The tables that grow with every file. */
export const TABLES = ['raw_data_file', 'physical_copy'] as const;

/** Parts of a table beside its columns and checks. */
interface Extras {
  readonly keys: readonly Extra[];
  readonly uniques: readonly Extra[];
  readonly indexes: readonly Extra[];
}

interface Extra {
  readonly name: string;
  readonly definition: string;
}

/**
 * Divides the files and the copies of a filled database by ranges of their keys, which begin with their time. A unique
 * constraint without the key can only be enforced within each partition.
 * @param count how many partitions, of as many nights each
 */
export async function partition(dataSource: DataSource, year: Year, count: number): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const run = (sql: string) => manager.query(sql);
    const extras = new Map<string, Extras>();
    for (const name of TABLES) {
      extras.set(name, await extrasOf(dataSource, name));
      await run(
        `CREATE TABLE new_${name} (LIKE ${name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id)`,
      );
      for (let number = 0; number < count; number += 1)
        await run(
          `CREATE TABLE ${partitionOf(name, number)} PARTITION OF new_${name}
           FOR VALUES FROM (${bound(year, number, count)}) TO (${bound(year, number + 1, count)})`,
        );
      await run(`INSERT INTO new_${name} SELECT * FROM ${name}`);
    }
    for (const name of [...TABLES].reverse()) {
      // CASCADE drops the view on it, too, which no query here reads.
      await run(`DROP TABLE ${name} CASCADE`);
      await run(`ALTER TABLE new_${name} RENAME TO ${name}`);
    }
    for (const name of TABLES) {
      const { keys, uniques, indexes } = extras.get(name) as Extras;
      for (const { definition } of indexes) await run(definition);
      for (let number = 0; number < count; number += 1)
        for (const { definition } of uniques) await run(onPartition(definition, name, number));
      for (const key of keys) await run(`ALTER TABLE ${name} ADD CONSTRAINT "${key.name}" ${key.definition}`);
    }
  });
  await dataSource.query('VACUUM (ANALYZE)');
}

/** The name of a partition. */
export function partitionOf(table: string, number: number): string {
  return `${table}_p${number}`;
}

/** Where a partition begins, as SQL. The first and the last partition are open at their outer ends. */
export function bound({ nights }: Year, number: number, count: number): string {
  if (number === 0) return 'MINVALUE';
  if (number === count) return 'MAXVALUE';
  const milliseconds = uuidOf('rawDataFile', Math.round((number * nights * FILES) / count)).slice(0, 13);
  return `'${milliseconds}-0000-0000-000000000000'`;
}

async function extrasOf(dataSource: DataSource, name: string): Promise<Extras> {
  const keys: (Extra & { type: string })[] = await dataSource.query(
    `SELECT conname AS name, contype AS type, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'f') ORDER BY contype DESC`,
    [name],
  );
  const indexes: (Extra & { isUnique: boolean })[] = await dataSource.query(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition, indisunique AS "isUnique"
     FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary`,
    [name],
  );
  return {
    keys,
    uniques: indexes.filter(({ isUnique }) => isUnique),
    indexes: indexes.filter(({ isUnique }) => !isUnique),
  };
}

function onPartition(definition: string, name: string, number: number): string {
  return definition
    .replace(
      / INDEX (\S+) ON /,
      (_, index) => ` INDEX "${index.replaceAll('"', '').slice(0, 58)}_p${number}" ON `,
    )
    .replace(/ ON \S+ USING /, ` ON ${partitionOf(name, number)} USING `);
}
