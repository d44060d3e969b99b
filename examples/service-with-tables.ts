/*
 * A service that keeps a table of its own beside the model, in the same database and in the same transactions.
 *
 *   node dist/examples/service-with-tables.js
 */
import {
  createDataSource,
  type InitOptions,
  initCcatOpsDb,
  type ServiceOptions,
  Site,
  withDbSession,
} from 'ccat-ops-db';
import {
  Column,
  CreateDateColumn,
  type DataSource,
  Entity,
  JoinColumn,
  ManyToOne,
  type MigrationInterface,
  PrimaryGeneratedColumn,
  type QueryRunner,
} from 'typeorm';

/** A visit to a site. The relation refers to the model; the model has no reference back. */
@Entity({ name: 'site_visit' })
export class SiteVisit {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'text' })
  visitor!: string;

  @Column({ type: 'integer', name: 'site_id' })
  siteId!: number;

  @ManyToOne(() => Site)
  @JoinColumn({ name: 'site_id' })
  site?: Site;

  @CreateDateColumn({ name: 'created_at' })
  createdAt!: Date;
}

/** Runs after the migrations of the model: `site` must exist. */
export class CreateSiteVisit1796203500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isPostgresql = runner.dataSource.options.type === 'postgres';
    await runner.query(`CREATE TABLE "site_visit" (
      "id" ${isPostgresql ? 'SERIAL' : 'INTEGER'} PRIMARY KEY,
      "visitor" text NOT NULL,
      "site_id" integer NOT NULL REFERENCES "site" ("id"),
      "created_at" ${isPostgresql ? 'timestamptz' : 'datetime'} NOT NULL DEFAULT CURRENT_TIMESTAMP
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "site_visit"');
  }
}

const OF_THE_SERVICE: ServiceOptions = {
  entities: [SiteVisit],
  migrations: [CreateSiteVisit1796203500000],
  // A table of its own: ccat-ops-db records its migrations in another one.
  migrationsTableName: 'site_visit_migration',
};

/** Connects, makes the tables of the model where there are none, and those of the service. */
export async function connect(options: InitOptions = {}): Promise<DataSource> {
  const { dataSource: model } = await initCcatOpsDb(options);
  await model.destroy();
  const dataSource = await createDataSource({ ...options, ...OF_THE_SERVICE }).initialize();
  await dataSource.runMigrations();
  return dataSource;
}

/** Records a visit, and returns those at the same site. */
export function visit(dataSource: DataSource, visitor: string, siteName: string): Promise<SiteVisit[]> {
  return withDbSession(
    async (manager) => {
      const { id: siteId } = await manager.findOneByOrFail(Site, { shortName: siteName });
      await manager.save(SiteVisit, { visitor, siteId });
      return manager.find(SiteVisit, { where: { siteId }, relations: { site: true }, order: { id: 'ASC' } });
    },
    { dataSource },
  );
}

async function main(): Promise<void> {
  const dataSource = await connect();
  const visits = await visit(dataSource, 'Ada', 'ccat');
  console.log(visits.map(({ visitor, site }) => `${visitor} at ${site?.name}`));
  await dataSource.destroy();
}

if (require.main === module) void main();
