import { Entity, JoinTable, ManyToMany, Unique } from 'typeorm';
import { ByteCount, Enum, Flag, Instant, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { UserKind } from './enums.js';
import { Role } from './role.js';

/**
 * Somebody, or some program, that may sign in.
 *
 * @example
 * import { User, UserKind } from 'ccat-ops-db';
 *
 * const user = await session.findOneOrFail(User, {
 *   where: { active: true, kind: UserKind.SERVICE },
 *   relations: { roles: { permissions: true } },
 * });
 * const permissions = user.roles?.flatMap((role) => role.permissions ?? []) ?? [];
 * const names = permissions.map(({ name }) => name).sort();
 * console.log(user.username, names); // demo-service [ 'read:observations', 'write:observations' ]
 */
@Entity({ comment: 'Somebody, or some program, that may sign in.' })
@Unique(['username'])
@Unique(['githubId'])
export class User extends Keyed {
  /** Name that the user signs in with. */
  @Text({ comment: 'Name that the user signs in with' })
  username!: string;

  /** Whether a person or a program. */
  @Enum(UserKind, { comment: 'Whether a person or a program', default: 'person' })
  kind!: UserKind;

  /** Name that is shown; null: the username is shown. */
  @Text({ comment: 'Name that is shown', null: 'the username is shown' })
  displayName!: string | null;

  /** Address for mail; null: none given. */
  @Text({ comment: 'Address for mail', null: 'none given' })
  email!: string | null;

  /** Number of the account at GitHub; null: has never signed in there. */
  @ByteCount({ comment: 'Number of the account at GitHub', unit: '', null: 'has never signed in there' })
  githubId!: number | null;

  /** Whether the user may sign in. */
  @Flag({ comment: 'Whether the user may sign in', default: true })
  active!: boolean;

  /** When the user signed in last, UTC; null: never. */
  @Instant({ comment: 'When the user signed in last, UTC', null: 'never' })
  lastLoginAt!: Date | null;

  @ManyToMany(() => Role, { onDelete: 'CASCADE' })
  @JoinTable({ name: 'user_role' })
  roles?: Role[];
}
