import type { DataSource } from 'typeorm';
import { DataLocation, InstrumentModule } from '../../../src/entities/index.js';
import { type Dialect, dialectOf } from './dialect.js';
import { type Kind, uuidSql } from './kinds.js';
import { EXECUTION_S, type Year } from './year.js';

/** Locations of the starting state that the year uses, by site and name. */
const LOCATIONS = {
  chaiSource: ['ccat', 'chai_raw_data'],
  primeCamSource: ['ccat', 'primecam_raw_data'],
  telescopeBuffer: ['ccat', 'output_buffer'],
  archiveBuffer: ['cologne', 'input_buffer'],
  archive: ['cologne', 'lta'],
  processing: ['cologne', 'ramses_processing'],
  secondBuffer: ['us', 'input_buffer'],
} as const;
/** The modules that record, by instrument and name; the last one writes to the source of Prime-Cam. */
const MODULES = [
  ['CHAI', 'LFA'],
  ['CHAI', 'HFA'],
  ['Prime-Cam', '280 GHz'],
] as const;

/** Keys of rows of the starting state. */
export interface Places {
  readonly locations: Readonly<Record<keyof typeof LOCATIONS, number>>;
  readonly modules: readonly number[];
}

/** The context of the templates of rows. */
export interface Context extends Places {
  readonly year: Year;
  readonly dialect: Dialect;
  /** The UUID of the nth of a kind. */
  id(kind: Kind, number: string): string;
  /** A moment so many seconds after the start of an execution. */
  at(execution: string, seconds: number): string;
}

/** The context for a database with the starting state. */
export async function contextOf(dataSource: DataSource, year: Year, end: Date): Promise<Context> {
  const dialect = dialectOf(dataSource, end);
  return {
    ...(await placesOf(dataSource)),
    year,
    dialect,
    id: (kind, number) => uuidSql(dialect, kind, number),
    at: (execution, seconds) =>
      dialect.instant(`((${execution}) - ${year.executions}) * ${EXECUTION_S} + ${seconds}`),
  };
}

/** Looks the places of the year up in the starting state. */
export async function placesOf({ manager }: Pick<DataSource, 'manager'>): Promise<Places> {
  const locations = await Promise.all(
    Object.entries(LOCATIONS).map(async ([key, [shortName, name]]) => {
      const { id } = await manager.findOneByOrFail(DataLocation, { name, site: { shortName } });
      return [key, id];
    }),
  );
  const modules = MODULES.map(async ([instrument, name]) => {
    const { id } = await manager.findOneByOrFail(InstrumentModule, {
      name,
      instrument: { name: instrument },
    });
    return id;
  });
  return { locations: Object.fromEntries(locations), modules: await Promise.all(modules) };
}
