import { Entity, JoinTable, ManyToMany, Unique } from 'typeorm';
import { Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Permission } from './permission.js';

/**
 * A set of permissions that users are given together.
 *
 * @example
 * import { Role, User } from 'ccat-ops-db';
 *
 * const observer = await session.findOneByOrFail(Role, { name: 'observer' });
 * await session.save(session.create(User, { username: 'visitor', roles: [observer] }));
 * console.log(await session.countBy(User, { roles: { name: 'observer' } })); // 2
 */
@Entity({ comment: 'A set of permissions that users are given together.' })
@Unique(['name'])
export class Role extends Keyed {
  /** Name of the role, such as observer. */
  @Text({ comment: 'Name of the role, such as observer' })
  name!: string;

  /** Who has the role and what it is for; null: nothing to say. */
  @Text({ comment: 'Who has the role and what it is for', null: 'nothing to say' })
  description!: string | null;

  @ManyToMany(() => Permission, { onDelete: 'CASCADE' })
  @JoinTable({ name: 'role_permission' })
  permissions?: Permission[];
}
