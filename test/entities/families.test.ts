import {
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  getMetadataArgsStorage,
  type ObjectLiteral,
} from 'typeorm';
import { ownRules } from '../../src/entities/column-rules.js';
import { snakeCase } from '../../src/entities/snake-case.js';
import { describeEachDatabase } from '../support/databases.js';
import { tables } from './model.js';
import { Trial } from './trial.js';

interface Family {
  readonly name: string;
  readonly root: new () => ObjectLiteral;
  readonly discriminator: string;
  readonly members: readonly EntityMetadata[];
}

const families: Family[] = tables
  .filter(({ childEntityMetadatas }) => childEntityMetadatas.length > 0)
  .map(({ name, target, discriminatorColumn, childEntityMetadatas }) => ({
    name,
    root: target as Family['root'],
    members: childEntityMetadatas,
    discriminator: discriminatorColumn?.propertyName ?? '',
  }));

describe('the rules of a member', () => {
  const members = families.flatMap((family) =>
    family.members.map((member) => ({ name: member.name, member, family })),
  );

  it.each(members)('$name look at its own columns and at the discriminator only', ({ member, family }) => {
    const target = member.target as new () => object;
    const own = [...ownRules(target).keys(), family.discriminator].map(snakeCase);
    const checks = getMetadataArgsStorage().checks.filter((check) => check.target === target);
    expect(checks.length).toBeGreaterThan(0);
    for (const { name, expression } of checks) {
      const named = [...expression.matchAll(/"(\w+)"/g)].map(([, column]) => column);
      expect([name, named.filter((column) => !own.includes(column ?? ''))]).toEqual([name, []]);
    }
  });
});

describeEachDatabase('the family', (database) => {
  let trial: Trial;
  let manager: EntityManager;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
    manager = trial.manager;
  });

  afterAll(() => trial.end());

  const classesOf = async (entity: EntityTarget<ObjectLiteral>) =>
    [...new Set((await manager.find(entity)).map((row) => row.constructor.name))].sort();
  const rowOf = ({ name }: EntityMetadata) => trial.rows[name] as ObjectLiteral;
  const keyOf = (member: EntityMetadata) => ({ id: rowOf(member).id });

  it.each(families)('$name is found as instances of its members', async ({ root, members }) => {
    expect(await classesOf(root)).toEqual(members.map(({ name }) => name).sort());
    for (const member of members)
      expect(await manager.findOneByOrFail(root, keyOf(member))).toBeInstanceOf(member.target);
  });

  it.each(families)('$name gives each member its own rows only', async ({ members }) => {
    for (const { target, name } of members) expect(await classesOf(target)).toEqual([name]);
  });

  it.each(families)('$name has no rows of its own', async ({ root, members, discriminator }) => {
    const { [discriminator]: _, ...values } = rowOf(members[0] as EntityMetadata);
    expect(await trial.refusalOf(() => manager.insert(root, values))).toBe('enum');
  });

  it.each(families)('$name has no row of a type that is no member', async ({ members, discriminator }) => {
    const { name } = members[0] as EntityMetadata;
    expect(await trial.refusalOfChange(name, { [discriminator]: 'no_such_member' })).toBe('enum');
  });

  it.each(families)('$name keeps a row from becoming another member', async ({ members, discriminator }) => {
    for (const member of members)
      for (const { discriminatorValue: type } of members)
        if (type !== member.discriminatorValue) {
          const refusal = await trial.refusalOfChange(member.name, { [discriminator]: String(type) });
          expect(refusal).toMatch(/__(complete|only)$/);
        }
  });

  it.each(families)(
    '$name keeps the columns of a member empty in the rows of the others',
    async ({ members }) => {
      for (const member of members)
        for (const other of members.filter((one) => one !== member))
          for (const column of other.columns.filter(({ target }) => target === other.target)) {
            const value = rowOf(other)[column.propertyName];
            if (value === null || value === undefined) continue;
            const refusal = await trial.refusalOfChange(member.name, { [column.databaseName]: value });
            expect([column.databaseName, refusal]).toEqual([
              column.databaseName,
              expect.stringMatching(/__only$/),
            ]);
          }
    },
  );

  it.each(families)(
    '$name ignores a type that is set on a row to save',
    async ({ root, members, discriminator }) => {
      for (const member of members) {
        const others = members.filter((other) => other !== member);
        const type = others[0]?.discriminatorValue;
        const saved = await trial.attempt(async () => {
          const row = await manager.findOneByOrFail(root, keyOf(member));
          await manager.save(Object.assign(row, { [discriminator]: type }));
          return manager.findOneByOrFail(root, keyOf(member));
        });
        expect(saved).toBeInstanceOf(member.target);
        expect(saved).toMatchObject({ [discriminator]: member.discriminatorValue });
      }
    },
  );
});
