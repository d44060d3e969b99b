import { Check, Entity, Unique } from 'typeorm';
import { Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/**
 * Something that may be done, written `action:resource`, such as `read:observations`.
 *
 * @example
 * import { Permission, Role } from 'ccat-ops-db';
 *
 * const name = 'read:weather';
 * const permission = await session.save(Permission, { name, description: 'See the weather' });
 * const viewer = await session.findOneByOrFail(Role, { name: 'viewer' });
 * await session.createQueryBuilder().relation(Role, 'permissions').of(viewer).add(permission);
 * console.log(await session.existsBy(Role, { name: 'viewer', permissions: { name } })); // true
 */
@Entity({ comment: 'Something that may be done.' })
@Unique(['name'])
@Check('ck_permission__name_is_action_and_resource', `"name" LIKE '%_:_%' AND "name" NOT LIKE '%:%:%'`)
export class Permission extends Keyed {
  /** What may be done, as action:resource. */
  @Text({ comment: 'What may be done, as action:resource' })
  name!: string;

  /** What that means; null: nothing to say. */
  @Text({ comment: 'What that means', null: 'nothing to say' })
  description!: string | null;
}
