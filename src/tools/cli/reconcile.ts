import { type Command, InvalidArgumentError } from 'commander';
import type { DataSource } from 'typeorm';
import { assertSchema } from '../../database/prepare-schema.js';
import { DataLocation } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { describeBytes } from '../output/bytes.js';
import { type Differences, type Reconciliation, reconcile } from '../reconcile/index.js';
import { coloured, DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { table } from './table.js';

interface Options extends Output {
  readonly apply: boolean;
  readonly listedAt?: Date;
  readonly columns?: readonly string[];
  readonly limit: number;
}

/** `opsdb reconcile`: compares the listing of a storage with the copies in the database. */
export function reconcileCommand(): Command {
  return new DatabaseCommand('reconcile', {
    'opsdb reconcile cologne/lta < inventory.csv.gz': 'what is missing, unknown or different in the archive?',
    'opsdb reconcile input_buffer --listed-at 2026-11-24T06:00Z < files.txt':
      'pass over what came or went since the listing was begun',
    'opsdb reconcile input_buffer --apply < files.txt': 'mark as deleted what was to be deleted and is gone',
  })
    .description(
      'Compare a listing on the standard input with the copies at a location; exit 1 where they differ. A line is: path, tabulator, size, ' +
        'and where it is known tabulator, checksum; or a line of an S3 inventory. It may be packed with gzip.',
    )
    .argument('<location>', 'name of the location, or SITE/NAME where two sites use the name')
    .option('--apply', 'mark as deleted what was to be deleted, may be deleted, and is gone', false)
    .option('--listed-at <instant>', 'when the listing was begun, UTC', instant)
    .option('--columns <names...>', 'columns of the S3 inventory; by default Bucket Key Size')
    .option('--limit <files>', 'how many files of each kind to print', count, 20)
    .action(async (location: string, { apply, listedAt, columns, limit, ...output }: Options) => {
      const result = await connected(async (dataSource) => {
        await assertSchema(dataSource);
        const dataLocationId = await locationNamed(dataSource, location);
        const applyAs = apply ? 'opsdb reconcile' : undefined;
        return reconcile(dataSource, {
          dataLocationId,
          listing: process.stdin,
          listedAt,
          columns,
          applyAs,
          limit,
        });
      });
      print(result, output, describe);
      if (result.missing.files + result.dark.files + result.different.files > 0) process.exitCode = 1;
    });
}

async function locationNamed(dataSource: DataSource, given: string): Promise<number> {
  const [name = '', site] = given.split('/').reverse();
  const found = await dataSource.manager.find(DataLocation, {
    where: site ? { name, site: { shortName: site } } : { name },
    relations: { site: true },
  });
  if (found[0] && found.length === 1) return found[0].id;
  const places =
    found.length > 0 ? found : await dataSource.manager.find(DataLocation, { relations: { site: true } });
  const names = places.map((place) => `${place.site?.shortName}/${place.name}`).sort();
  throw new OpsDbError(
    'argument_invalid',
    `${given} is ${found.length > 0 ? 'the name of several locations' : 'the name of no location'}; choose one of: ${names.join(', ')}`,
  );
}

function instant(text: string): Date {
  const parsed = new Date(text);
  if (Number.isNaN(parsed.getTime()))
    throw new InvalidArgumentError('must be an instant, such as 2026-11-24T06:00Z');
  return parsed;
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number from 0 on');
}

function describe({ listed, expected, same, missing, dark, different }: Reconciliation): string {
  const kinds = { missing, dark, different };
  const differs = Object.values(kinds).some(({ files }) => files > 0);
  const sums = `${listed} files listed, ${expected} copies expected, ${same} as they should be.`;
  if (!differs) return coloured('ok', sums);
  const rows = Object.entries(kinds).map(([kind, { files, bytes, applied }]) => [
    kind,
    files,
    describeBytes(bytes).padStart(8),
    applied,
  ]);
  return [
    sums,
    table(['kind', 'files', 'size', 'noted'], rows),
    ...Object.entries(kinds).flatMap(([kind, differences]) => describeSome(kind, differences)),
  ].join('\n');
}

function describeSome(kind: string, { some }: Differences): string[] {
  if (some.length === 0) return [];
  const rows = some.map(({ path, expectedBytes, listedBytes, status, isApplied, todo }) => [
    path,
    expectedBytes ?? '',
    listedBytes ?? '',
    status ?? '',
    isApplied ? 'noted as deleted' : todo,
  ]);
  return ['', coloured('warn', kind), table(['path', 'expected', 'listed', 'status', 'to do'], rows)];
}
