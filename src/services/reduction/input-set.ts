import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { inChunks } from '../../database/chunks.js';
import { InputSet, InputSetMember } from '../../entities/index.js';
import { invalidArgument, uuidsOf } from '../../values/arguments.js';

/** What a run reads: raw data packages, or products of earlier runs. The order does not matter. */
export interface InputMembers {
  /** UUIDs of raw data packages. */
  readonly packageIds?: readonly string[];
  /** UUIDs of data products. */
  readonly productIds?: readonly string[];
}

/**
 * The hash by which an input set is found: SHA-256, in hexadecimal digits, of the lines `data_product <uuid>` and
 * `raw_data_package <uuid>` in the order of their characters.
 * @throws OpsDbError `value_invalid` when a key is no UUID
 *
 * @example
 * import { contentHash, RawDataPackage } from 'ccat-ops-db';
 *
 * const packages = await session.find(RawDataPackage, { where: { state: 'archived' } });
 * const ids = packages.map(({ id }) => id);
 * const hash = contentHash({ packageIds: ids });
 * console.log(hash.length); // 64
 * console.log(contentHash({ packageIds: ids.reverse() }) === hash); // true
 */
export function contentHash(members: InputMembers): string {
  return createHash('sha256').update(linesOf(members).join('\n')).digest('hex');
}

/**
 * Finds the input set with these members, or stores it. Called twice, also at once, it gives the same set; its members
 * are stored once.
 * @throws OpsDbError `value_invalid` when there are no members, or a key is no UUID; QueryFailedError when a member is unknown.
 *   Nothing is stored then
 *
 * @example
 * import { inputSet, RawDataPackage } from 'ccat-ops-db';
 *
 * const packages = await session.findBy(RawDataPackage, { instrumentModule: { name: 'LFA' } });
 * const packageIds = packages.map(({ id }) => id);
 * const { id, memberCount } = await inputSet(session, { packageIds });
 * console.log(memberCount); // 3
 * console.log((await inputSet(session, { packageIds })).id === id); // true
 */
export async function inputSet(manager: EntityManager, members: InputMembers): Promise<InputSet> {
  const lines = linesOf(members);
  if (lines.length === 0) throw invalidArgument('members', members, 'at least one package or product');
  const hash = contentHash(members);
  const known = await manager.findOneBy(InputSet, { contentHash: hash });
  return known ?? manager.transaction((nested) => store(nested, hash, lines));
}

async function store(manager: EntityManager, hash: string, lines: readonly string[]): Promise<InputSet> {
  const id = uuidv7();
  // Waits for somebody who is storing the same set, until it is there with its members or was rolled back.
  await manager
    .createQueryBuilder()
    .insert()
    .into(InputSet)
    .values({ id, contentHash: hash, memberCount: lines.length })
    .orIgnore()
    .execute();
  const stored = await manager.findOneByOrFail(InputSet, { contentHash: hash });
  if (stored.id !== id) return stored;
  for await (const chunk of inChunks(lines))
    await manager
      .createQueryBuilder()
      .insert()
      .into(InputSetMember)
      .values(chunk.map((line) => memberOf(id, line)))
      .updateEntity(false)
      .execute();
  return stored;
}

function linesOf({ packageIds = [], productIds = [] }: InputMembers): string[] {
  const lines = [
    ...uuidsOf('packageIds', packageIds).map((id) => `raw_data_package ${id}`),
    ...uuidsOf('productIds', productIds).map((id) => `data_product ${id}`),
  ];
  return [...new Set(lines)].sort();
}

function memberOf(inputSetId: string, line: string) {
  const [table, key] = line.split(' ');
  return {
    id: uuidv7(),
    inputSetId,
    ...(table === 'data_product' ? { dataProductId: key } : { rawDataPackageId: key }),
  };
}
