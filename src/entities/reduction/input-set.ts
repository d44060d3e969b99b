import { Entity, OneToMany, Unique } from 'typeorm';
import { FixedText, Int } from '../columns.js';
import { UuidKeyed } from '../uuid-keyed.js';
import type { InputSetMember } from './input-set-member.js';

/**
 * What a run read: a set of packages and products, stored once however many runs read it.
 *
 * @example
 * import { InputSet } from 'ccat-ops-db';
 * import { IsNull, Not } from 'typeorm';
 *
 * const { memberCount, members } = await session.findOneOrFail(InputSet, {
 *   where: { members: { rawDataPackageId: Not(IsNull()) } },
 *   relations: { members: { rawDataPackage: true } },
 * });
 * console.log(memberCount, members?.[0]?.rawDataPackage?.sizeBytes); // 1 6917667798
 */
@Entity({ comment: 'A set of packages and products that runs read; stored once, found by its hash.' })
@Unique(['contentHash'])
export class InputSet extends UuidKeyed {
  /** SHA-256 of the sorted members, in hexadecimal digits. */
  @FixedText({ comment: 'SHA-256 of the sorted members, in hexadecimal digits', length: 64 })
  contentHash!: string;

  /** Number of members. */
  @Int({ comment: 'Number of members', min: 1 })
  memberCount!: number;

  @OneToMany('InputSetMember', 'inputSet')
  members?: InputSetMember[];
}
