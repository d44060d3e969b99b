import {
  DataProduct,
  DataProductPhysicalCopy,
  ExecutedReductionStep,
  InputSet,
  InputSetMember,
} from '../../../src/entities/index.js';
import type { Context } from './context.js';
import type { Kind } from './kinds.js';
import { pick, type Rows } from './rows.js';
import { workValues } from './work.js';
import { EXECUTIONS, MODULES } from './year.js';

/** Keys of the steps that run: for each of two pipelines one that reads packages, one that reads its products, and one a day. */
export interface Steps {
  readonly packageSteps: readonly number[];
  readonly productSteps: readonly number[];
  readonly dailySteps: readonly number[];
  readonly softwareVersionId: number;
}

/** Products of a run, and inputs and divisions of the runs of a day. */
const PRODUCTS = 5;
const DAILY_INPUTS = 16;
const DIVISIONS = 5;
/** Newest executions whose runs are not done. */
const UNREDUCED = 12;
/** Newest executions whose products are still at the processing location. */
const KEPT = 400;

/** Input sets, runs, products and their copies. */
export function reductionRows(context: Context, steps: Steps): Rows[] {
  const { year, id } = context;
  const executions = year.stagedExecutions;
  const days = Math.floor((executions - UNREDUCED) / EXECUTIONS);
  const dailyRuns = days * 2 * DIVISIONS;
  const dailyExecution = `n / ${2 * DIVISIONS} * ${EXECUTIONS} + ${EXECUTIONS - 1}`;
  return [
    inputSets(context, 'scanSet', executions, MODULES, 'n'),
    inputSets(context, 'productSet', 2 * executions, PRODUCTS, 'n / 2'),
    inputSets(context, 'dailySet', dailyRuns, DAILY_INPUTS, dailyExecution),
    members(context, 'packageMember', MODULES * executions, {
      inputSetId: id('scanSet', `n / ${MODULES}`),
      rawDataPackageId: id('rawDataPackage', 'n'),
    }),
    scanRuns(context, steps, executions),
    products(context, 'scanProduct', 'scanRun', 4 * (executions - UNREDUCED)),
    members(context, 'productMember', PRODUCTS * 2 * (executions - UNREDUCED), {
      inputSetId: id('productSet', `n / ${PRODUCTS}`),
      // The products of the run before, which is the even one of each pair.
      dataProductId: id('scanProduct', `n / ${PRODUCTS} * 2 * ${PRODUCTS} + n % ${PRODUCTS}`),
    }),
    dailyRunRows(context, steps, dailyRuns, dailyExecution),
    members(context, 'dailyMember', DAILY_INPUTS * dailyRuns, {
      inputSetId: id('dailySet', `n / ${DAILY_INPUTS}`),
      dataProductId: id(
        'scanProduct',
        `(n / ${DAILY_INPUTS * 2 * DIVISIONS} * ${EXECUTIONS * 4} + n / ${DAILY_INPUTS} % ${2 * DIVISIONS} * 32 + n % ${DAILY_INPUTS} * 2 + 1) * ${PRODUCTS}`,
      ),
    }),
    products(context, 'dailyProduct', 'dailyRun', dailyRuns),
    productCopies(
      context,
      'scanProductCopy',
      'scanProduct',
      4 * (executions - UNREDUCED),
      executions - KEPT,
      4,
    ),
    productCopies(context, 'dailyProductCopy', 'dailyProduct', dailyRuns, days - 5, 2 * DIVISIONS),
  ];
}

function inputSets(
  { id, at, dialect }: Context,
  kind: Kind,
  count: number,
  size: number,
  execution: string,
): Rows {
  const salt = { scanSet: 0, productSet: 1, dailySet: 2 }[kind as 'scanSet'];
  return {
    into: InputSet,
    count,
    values: {
      id: id(kind, 'n'),
      contentHash: dialect.hex(`n * 4 + ${salt}`, 64),
      memberCount: `${size}`,
      createdAt: at(execution, 25_000),
      updatedAt: at(execution, 25_000),
    },
  };
}

function members({ id }: Context, kind: Kind, count: number, values: Record<string, string>): Rows {
  return { into: InputSetMember, count, values: { id: id(kind, 'n'), ...values } };
}

/** Four for each execution: pipeline by pipeline, first the step that reads packages. */
function scanRuns(context: Context, steps: Steps, executions: number): Rows {
  const { id } = context;
  const execution = 'n / 4';
  const age = `(${executions - 1} - n / 4)`;
  const status = pick(
    [
      [`${age} < 6`, `'pending'`],
      [`${age} < 8`, `'staging_data'`],
      [`${age} < 10`, `'submitted'`],
      [`${age} < ${UNREDUCED}`, `'running'`],
      ['n % 200 = 199', `'failed'`],
    ],
    `'completed'`,
  );
  const step = (ids: readonly number[]) => pick([['n % 4 < 2', `${ids[0]}`]], `${ids[1]}`);
  return {
    into: ExecutedReductionStep,
    count: 4 * executions,
    values: {
      id: id('scanRun', 'n'),
      reductionStepId: pick([['n % 2 = 0', step(steps.packageSteps)]], step(steps.productSteps)),
      subGroupKey: `'executed_obs_unit=' || ${id('execution', execution)}`,
      inputSetId: pick([['n % 2 = 0', id('scanSet', execution)]], id('productSet', 'n / 2')),
      reductionSoftwareVersionId: `${steps.softwareVersionId}`,
      metrics: `'{"rms_k": 0.1}'`,
      ...workValues(context, status, execution, 30_000),
    },
  };
}

function dailyRunRows(context: Context, steps: Steps, count: number, execution: string): Rows {
  const { id } = context;
  return {
    into: ExecutedReductionStep,
    count,
    values: {
      id: id('dailyRun', 'n'),
      reductionStepId: pick(
        [[`n % ${2 * DIVISIONS} < ${DIVISIONS}`, `${steps.dailySteps[0]}`]],
        `${steps.dailySteps[1]}`,
      ),
      subGroupKey: `'division-' || (n % ${DIVISIONS})`,
      inputSetId: id('dailySet', 'n'),
      reductionSoftwareVersionId: `${steps.softwareVersionId}`,
      ...workValues(context, `'completed'`, execution, 40_000),
    },
  };
}

function products({ id, dialect }: Context, kind: Kind, run: Kind, runs: number): Rows {
  return {
    into: DataProduct,
    count: PRODUCTS * runs,
    values: {
      id: id(kind, 'n'),
      executedReductionStepId: id(run, `n / ${PRODUCTS}`),
      type: pick([[`n % ${PRODUCTS} = 0`, `'science'`]], `'plot'`),
      relativePath: `'science/' || ${dialect.hex('n', 8)} || '.fits'`,
      sizeBytes: '40000000 + n % 1000',
      checksum: dialect.hex('n', 64),
      checksumAlgorithm: `'sha256'`,
    },
  };
}

/** Two for each product: at the processing location, deleted for old runs, and in the archive. */
function productCopies(
  { id, at, dialect, locations }: Context,
  kind: Kind,
  product: Kind,
  runs: number,
  deletedGroups: number,
  runsInGroup: number,
): Rows {
  const group = `n / ${2 * PRODUCTS * runsInGroup}`;
  const execution = runsInGroup === 4 ? group : `${group} * ${EXECUTIONS}`;
  const isDeleted = `n % 2 = 0 AND ${group} < ${deletedGroups}`;
  const archived = (value: string) => `CASE WHEN n % 2 = 1 THEN ${value} END`;
  return {
    into: DataProductPhysicalCopy,
    count: 2 * PRODUCTS * runs,
    values: {
      id: id(kind, 'n'),
      dataProductId: id(product, 'n / 2'),
      dataLocationId: `CASE WHEN n % 2 = 0 THEN ${locations.processing} ELSE ${locations.archive} END`,
      status: `CASE WHEN ${isDeleted} THEN 'deleted' ELSE 'present' END`,
      checksum: archived(dialect.hex('n / 2', 64)),
      checksumAlgorithm: archived(`'sha256'`),
      verifiedAt: archived(at(execution, 45_000)),
      deletedAt: `CASE WHEN ${isDeleted} THEN ${at(execution, 90_000)} END`,
      createdAt: at(execution, 44_000),
      updatedAt: at(execution, 45_000),
    },
  };
}
