import {
  Column,
  type DataSource,
  Entity,
  type EntitySubscriberInterface,
  EventSubscriber,
  type InsertEvent,
  JoinColumn,
  ManyToOne,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import {
  migrate,
  revertLast,
  schemaDrift,
  schemaRevision,
} from '../../src/database/migration-engine/index.js';
import {
  createDataSource,
  dataSourceOptions,
  initCcatOpsDb,
  type ServiceOptions,
} from '../../src/datasource.js';
import { entities, Site } from '../../src/entities/index.js';
import { describeEachDatabase } from '../support/databases.js';

/** A table of a service, which refers to one of the model. */
@Entity({ name: 'visit' })
class Visit {
  @PrimaryColumn('text')
  visitor!: string;

  @Column('integer', { name: 'site_id' })
  siteId!: number;

  @ManyToOne(() => Site)
  @JoinColumn({ name: 'site_id' })
  site?: Site;
}

class CreateVisit1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE visit (visitor text PRIMARY KEY, site_id integer REFERENCES site (id))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE visit');
  }
}

const seen: string[] = [];

@EventSubscriber()
class Visits implements EntitySubscriberInterface<Visit> {
  listenTo() {
    return Visit;
  }

  afterInsert({ entity }: InsertEvent<Visit>) {
    seen.push(entity.visitor);
  }
}

const beside: ServiceOptions = {
  entities: [Visit],
  migrations: [CreateVisit1790000000000],
  migrationsTableName: 'visit_migration',
  subscribers: [Visits],
};

describeEachDatabase('a service with tables of its own beside the model', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await createDataSource({ ...database.options, ...beside }).initialize();
  });
  afterAll(() => dataSource.destroy());

  it('runs its own migrations, and the comparisons of the schema look at the model alone', async () => {
    expect(await schemaRevision(dataSource)).toMatchObject({ relation: 'same', pending: [], unknown: [] });
    expect(await schemaDrift(dataSource)).toEqual([]);
    expect(await dataSource.showMigrations()).toBe(true);
    expect((await dataSource.runMigrations()).map(({ name }) => name)).toEqual(['CreateVisit1790000000000']);
    expect(await dataSource.showMigrations()).toBe(false);
    expect(await schemaRevision(dataSource)).toMatchObject({ relation: 'same', pending: [], unknown: [] });
    expect(await schemaDrift(dataSource)).toEqual([]);
    expect((await schemaRevision(await database.open())).relation).toBe('same');
  });

  it('uses both in one transaction, with its subscribers', async () => {
    await dataSource.transaction(async (manager) => {
      const { id: siteId } = await manager.save(Site, { name: 'Cologne', shortName: 'cologne' });
      await manager.save(Visit, { visitor: 'Ada', siteId });
    });
    const [visit] = await dataSource.manager.find(Visit, { relations: { site: true } });
    expect([visit?.visitor, visit?.site?.shortName]).toEqual(['Ada', 'cologne']);
    expect(seen.splice(0)).toEqual(['Ada']);
  });

  it('is asked before its tables lose what they refer to, and keeps them when those of the model are dropped', async () => {
    const name = String(dataSource.options.database);
    const drop = () =>
      initCcatOpsDb({ ...database.options, drop: true, confirmDrop: name }).then((made) =>
        made.dataSource.destroy(),
      );
    await expect(drop()).rejects.toMatchObject({
      code: 'drop_refused',
      message: expect.stringContaining('visit'),
    });
    await dataSource.query('DROP TABLE visit');
    await dataSource.query('CREATE TABLE visit (visitor text PRIMARY KEY, site_id integer)');
    await dataSource.query(`INSERT INTO visit VALUES ('Ada', 1)`);
    await drop();
    expect(await dataSource.manager.countBy(Visit, { visitor: 'Ada' })).toBe(1);
    expect(await dataSource.manager.count(Site)).toBe(0);
  });

  it('may not note its migrations among those of the model, nor those of the model among its own', () => {
    const { migrationsTableName, ...among } = beside;
    const refused = expect.objectContaining({
      code: 'settings_invalid',
      message: expect.stringContaining('give migrationsTableName, too'),
    });
    expect(() => createDataSource({ ...database.options, ...among })).toThrow(refused);
    const { migrations } = dataSourceOptions(database.options.settings);
    expect(() => createDataSource({ ...database.options, migrations, migrationsTableName })).toThrow(refused);
  });

  it('has the model, too', () => {
    expect(entities.every((entity) => dataSource.hasMetadata(entity))).toBe(true);
  });

  if (database.type === 'postgresql')
    it('migrates the model through its own data source', async () => {
      const last = await revertLast(dataSource);
      expect((await schemaRevision(dataSource)).relation).toBe('older');
      expect((await migrate(dataSource)).map(({ name }) => name)).toEqual([last]);
      expect(await dataSource.showMigrations()).toBe(false);
    });
});
