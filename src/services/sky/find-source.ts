import type { EntityManager } from 'typeorm';
import { comparedName } from '../../database/source-triggers.js';
import { Source, SourceName } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { assertText } from '../../values/arguments.js';

/** Names that are compared with one that is not known. */
const NAMES_COMPARED = 20_000;

/**
 * The source of a name or alias; blanks and capitals do not count.
 * @param name such as `M42`, `m 42`
 * @throws OpsDbError `nothing_found` where no source has the name, with those that are near; `value_invalid` for no text
 *
 * @example
 * import { findSource } from 'ccat-ops-db';
 *
 * console.log((await findSource(session, 'm 78')).name); // NGC2068
 */
export async function findSource(manager: EntityManager, name: string): Promise<Source> {
  assertText('name', name);
  const found = await manager
    .createQueryBuilder(Source, 'source')
    .innerJoin(SourceName, 'known', 'known.sourceId = source.id')
    .where('known.name = :name', { name: comparedName(name) })
    .getOne();
  if (found) return found;
  const sources = await manager.find(Source, { select: { name: true, aliases: true }, take: NAMES_COMPARED });
  const near = nearest(
    name,
    sources.flatMap((source) => [source.name, ...source.aliases]),
  );
  throw new OpsDbError('nothing_found', `no source has the name or alias ${name}${near}`);
}
