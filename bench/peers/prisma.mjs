import { PrismaPg } from '@prisma/adapter-pg';
import { inTransactions, SILENT } from '../../dist/bench/claiming/steps.js';
import { WAYS } from '../../dist/bench/claiming/ways.js';
import { batchesOf, NOT_IDEMPOTENT } from '../../dist/bench/filing/batches.js';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './shared/model.mjs';
import { clientOf } from './shared/prisma-client.mjs';
import { each } from './shared/rows.mjs';

const PLAIN = 'plain rows, numbers of 64 bits as BigInt';

const contender = (work, less = PLAIN) => ({
  less,
  only: 'postgresql',
  async connect(database) {
    const PrismaClient = clientOf(await readModel(database));
    const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: database, max: 10 }) });
    return { run: (given) => work(prisma, given), close: () => prisma.$disconnect() };
  },
});

const byKey = (readers) =>
  contender((prisma, keys) =>
    readAll(keys, readers, (id) => prisma.raw_data_file.findUnique({ where: { id } })),
  );

const handsOf = (prisma) =>
  inTransactions({
    transaction: (work) => prisma.$transaction(work),
    // Prisma has no locks of its own.
    async lock(nested, now, limit) {
      const rows = await nested.$queryRaw`
        SELECT * FROM data_transfer_package
        WHERE status = 'pending' AND (next_retry_at IS NULL OR next_retry_at <= ${now})
        ORDER BY priority DESC, created_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
      return rows.map(({ id }) => id);
    },
    async update(nested, ids, having, data) {
      const where = { id: { in: ids }, ...having };
      return (await nested.data_transfer_package.updateMany({ where, data })).count;
    },
    note: (nested, data) => nested.status_history.createMany({ data }),
  });

export const tasks = {
  'package-graph': contender((prisma, id) =>
    prisma.raw_data_package.findMany({
      where: { id },
      include: { rawDataFiles: { include: { physicalCopies: true } } },
    }),
  ),
  'pending-list': contender((prisma, sourceLocationId) =>
    prisma.raw_data_package.findMany({
      where: { status: 'pending', sourceLocationId },
      include: { executedObsUnit: true, sourceLocation: true },
      orderBy: [{ priority: 'desc' }, { createdAt: 'asc' }],
    }),
  ),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
  filing: contender(
    (prisma, given) =>
      prisma.$transaction(
        async (nested) => {
          for (const { files, copies } of batchesOf(given, 1000)) {
            await nested.raw_data_file.createMany({ data: files });
            await nested.physical_copy.createMany({ data: copies });
          }
        },
        { timeout: 600_000 },
      ),
    NOT_IDEMPOTENT,
  ),
  ...each(WAYS, (way) => contender((prisma) => way(handsOf(prisma)), `${PLAIN}; ${SILENT}`)),
};
