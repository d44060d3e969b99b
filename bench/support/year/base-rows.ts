import type { DataSource, EntityManager } from 'typeorm';
import {
  ApiToken,
  DataGrouping,
  ObsUnit,
  Pipeline,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  ReductionStepDependency,
  User,
} from '../../../src/entities/index.js';
import { hashToken } from '../../../src/services/access/index.js';
import type { Steps } from './reduction-rows.js';

const USERS = 150;
const TOKENS = 50;
/** Number of obs units, about the same in each year. */
const OBS_UNITS = 6_000;

/** The text of the nth token of the year. */
export function tokenOf(number: number): string {
  return `token-of-user-${number}`;
}

/** Name of the nth user of the year. */
export function usernameOf(number: number): string {
  return `bench-user-${number}`;
}

/** Name of one of the year's pipelines, and of the grouping of both. */
export const PIPELINE = 'bench calibration';
export const GROUPING = 'bench: archived packages of a source';

/** Users with roles, of whom some have tokens. */
export async function addUsers(manager: EntityManager): Promise<void> {
  const numbers = Array.from({ length: USERS }, (_, number) => number);
  await manager.insert(
    User,
    numbers.map((number) => ({ username: usernameOf(number) })),
  );
  await manager.query(
    `INSERT INTO user_role (user_id, role_id) SELECT u.id, r.id FROM "user" u JOIN role r ON r.name = 'observer' WHERE u.username LIKE 'bench-user-%'`,
  );
  const users = await manager.find(User, { order: { id: 'ASC' } });
  const own = users.filter(({ username }) => username.startsWith('bench-user-'));
  await manager.insert(
    ApiToken,
    own.slice(0, TOKENS).map(({ id }, number) => ({
      userId: id,
      name: 'bench',
      tokenHash: hashToken(tokenOf(number)),
      tokenPrefix: tokenOf(number).slice(0, 8),
      scopes: ['read:*', 'write:observations'],
    })),
  );
}

/**
 * Multiplies the obs units of the starting state.
 * @returns the number of units; their keys run from 1 on
 */
export async function addObsUnits(dataSource: DataSource): Promise<number> {
  const { manager } = dataSource;
  const columns = dataSource.getMetadata(ObsUnit).columns.map(({ databaseName }) => databaseName);
  const kept = columns.filter((name) => name !== 'id' && name !== 'name').map((name) => `"${name}"`);
  const given = await manager.count(ObsUnit);
  const copies = Math.max(0, Math.round(OBS_UNITS / given) - 1);
  for (let copy = 1; copy <= copies; copy += 1)
    await manager.query(
      `INSERT INTO obs_unit ("name", ${kept}) SELECT "name" || ' #${copy}', ${kept} FROM obs_unit WHERE id <= ${given}`,
    );
  return given * (copies + 1);
}

/** Two pipelines with a step for each execution, one for its products and one for each day. */
export async function addPipelines(manager: EntityManager, processingLocationId: number): Promise<Steps> {
  const [source] = await manager.query(
    'SELECT s.name FROM source s JOIN obs_unit u ON u.source_id = s.id WHERE u.id = 1',
  );
  const filterRules = [
    { table: 'RawDataPackage', column: 'state', operator: 'eq', value: 'archived' },
    { table: 'Source', column: 'name', operator: 'eq', value: source.name },
  ] as const;
  const { id: dataGroupingId } = await manager.save(
    manager.create(DataGrouping, { name: GROUPING, filterRules: [...filterRules] }),
  );
  const software = await manager.save(manager.create(ReductionSoftware, { name: 'bench' }));
  const version = await manager.save(
    manager.create(ReductionSoftwareVersion, {
      reductionSoftwareId: software.id,
      version: '1.0',
      image: 'bench:1.0',
    }),
  );
  const config = await manager.save(manager.create(ReductionStepConfig, { name: 'bench' }));
  const steps: number[][] = [[], [], []];
  for (const name of [PIPELINE, 'bench imaging']) {
    const pipeline = await manager.save(
      manager.create(Pipeline, { name, dataGroupingId, processingLocationId, triggerType: 'continuous' }),
    );
    for (const [index, groupBy] of [['executed_obs_unit'], ['executed_obs_unit'], []].entries()) {
      const step = await manager.save(
        manager.create(ReductionStep, {
          pipelineId: pipeline.id,
          name: `step ${index + 1}`,
          position: index + 1,
          groupBy,
          reductionSoftwareId: software.id,
          reductionStepConfigId: config.id,
        }),
      );
      const dependency = { pipelineId: pipeline.id, position: index + 1, upstreamPosition: index };
      if (index > 0) await manager.insert(ReductionStepDependency, dependency);
      steps[index]?.push(step.id);
    }
  }
  const [packageSteps, productSteps, dailySteps] = steps as [number[], number[], number[]];
  return { packageSteps, productSteps, dailySteps, softwareVersionId: version.id };
}
