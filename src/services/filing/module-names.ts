import type { EntityManager } from 'typeorm';
import { InstrumentModule } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { nearest } from '../../nearest.js';

/** What names a module instead of its key. */
interface Named {
  readonly instrumentModule?: string;
  readonly instrumentModuleId?: number | null;
}

/** A module with every spelling of its name. */
interface Spelled {
  readonly id: number;
  readonly name: string;
  readonly spellings: readonly string[];
}

/**
 * The keys of modules by their names, as the observatory or the readout spells them, without regard to case: `280 GHz` or `280GHz`. Where two
 * instruments have a module of the name, the instrument stands before it: `Prime-Cam/280GHz`.
 * @param names any number of them; they are read in one round trip
 * @returns by the names as they were given
 * @throws OpsDbError `filing_unknown` when a name is of no module, or of several
 *
 * @example
 * import { InstrumentModule, instrumentModuleIds } from 'ccat-ops-db';
 *
 * const keys = await instrumentModuleIds(session, ['EoR_Spec', 'Prime-Cam/280GHz']);
 * const id = keys.get('EoR_Spec');
 * console.log((await session.findOneByOrFail(InstrumentModule, { id })).name); // EoR-Spec
 *
 * const refused = await instrumentModuleIds(session, ['280GHz']).catch(({ message }) => message);
 * console.log(refused); // 280GHz is a module of several instruments: write Prime-Cam/280 GHz or Mod-Cam/280 GHz
 */
export async function instrumentModuleIds(
  manager: EntityManager,
  names: Iterable<string>,
): Promise<Map<string, number>> {
  const modules = await manager.find(InstrumentModule, {
    select: { id: true, name: true, readoutName: true, instrument: { id: true, name: true } },
    relations: { instrument: true },
    order: { id: 'ASC' },
  });
  const known = modules.map(spelled);
  return new Map([...new Set(names)].map((name) => [name, idOf(name, known)]));
}

function spelled({ id, name, readoutName, instrument }: InstrumentModule): Spelled {
  const whole = `${instrument?.name}/${name}`;
  const own = readoutName === null ? [name] : [name, readoutName];
  const spellings = own.flatMap((one) => [one, `${instrument?.name}/${one}`]);
  return { id, name: whole, spellings };
}

function idOf(name: string, known: readonly Spelled[]): number {
  const isMeant = (spelling: string) => spelling.toLowerCase() === name.toLowerCase();
  const found = known.filter(({ spellings }) => spellings.some(isMeant));
  const [first, ...others] = found;
  if (first && others.length === 0) return first.id;
  throw new OpsDbError(
    'filing_unknown',
    first
      ? `${name} is a module of several instruments: write ${found.map((module) => module.name).join(' or ')}`
      : `${name} is no instrument module${nearest(
          name,
          known.flatMap(({ spellings }) => spellings),
        )}`,
  );
}

/**
 * Rows with the keys of the modules that they name; nothing is asked where none is named.
 * @throws OpsDbError as {@link instrumentModuleIds} does; `filing_refused` when a row has another module as its key
 */
export async function withModuleKeys<Row extends Named>(
  manager: EntityManager,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const names = rows.flatMap(({ instrumentModule }) => instrumentModule ?? []);
  if (names.length === 0) return rows;
  const keys = await instrumentModuleIds(manager, names);
  return rows.map((row) => {
    const { instrumentModule, ...rest } = row;
    if (instrumentModule === undefined) return row;
    const instrumentModuleId = keys.get(instrumentModule) as number;
    if ((row.instrumentModuleId ?? instrumentModuleId) !== instrumentModuleId)
      throw new OpsDbError(
        'filing_refused',
        `instrumentModule is ${instrumentModule}, which has the key ${instrumentModuleId}, and instrumentModuleId is ${row.instrumentModuleId}: give one of them`,
      );
    return { ...rest, instrumentModuleId } as Row;
  });
}
