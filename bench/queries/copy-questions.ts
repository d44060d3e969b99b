import { In } from 'typeorm';
import {
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../src/entities/index.js';
import { deletableCopies } from '../../src/lifecycle/index.js';
import { uuidOf } from '../support/year/kinds.js';
import type { Question } from './question.js';

const BATCH = 100;

/** Queries 6 to 9: where copies are, and which may be deleted. */
export const copyQuestions: readonly Question[] = [
  {
    number: 6,
    title: 'copies of a package',
    ask: (manager, { year }) =>
      manager.findBy(RawDataPackagePhysicalCopy, {
        rawDataPackageId: uuidOf('rawDataPackage', Math.floor(year.archivedPackages / 2)),
      }),
  },
  {
    number: 6,
    title: 'copies of the files of a page',
    ask: (manager, { year }) =>
      manager.findBy(RawDataFilePhysicalCopy, {
        rawDataFileId: In(
          Array.from({ length: BATCH }, (_, index) =>
            uuidOf('rawDataFile', Math.floor(year.files / 2) + index),
          ),
        ),
      }),
  },
  {
    number: 6,
    title: 'copies of a bundle',
    ask: (manager, { year }) =>
      manager.findBy(DataTransferPackagePhysicalCopy, {
        dataTransferPackageId: uuidOf('bundle', Math.floor(year.bundles / 2)),
      }),
  },
  {
    number: 6,
    title: 'copies of a product',
    ask: (manager, { year }) =>
      manager.findBy(DataProductPhysicalCopy, {
        dataProductId: uuidOf('scanProduct', year.stagedExecutions),
      }),
  },
  {
    number: 7,
    title: 'deletable package copies at a source',
    ask: (manager, { locations }) =>
      deletableCopies(manager, RawDataPackagePhysicalCopy, {
        dataLocationId: locations.chaiSource,
        limit: BATCH,
      }),
  },
  {
    number: 7,
    title: 'deletable package copies at a buffer',
    ask: (manager, { locations }) =>
      deletableCopies(manager, RawDataPackagePhysicalCopy, {
        dataLocationId: locations.archiveBuffer,
        limit: BATCH,
      }),
  },
  {
    number: 7,
    title: 'deletable bundle copies at a buffer',
    ask: (manager, { locations }) =>
      deletableCopies(manager, DataTransferPackagePhysicalCopy, {
        dataLocationId: locations.telescopeBuffer,
        limit: BATCH,
      }),
  },
  {
    number: 8,
    title: 'mark the file copies of a package that is gone',
    ask: (manager, { locations, year }) =>
      manager
        .createQueryBuilder()
        .update(RawDataFilePhysicalCopy)
        .set({ status: PhysicalCopyStatus.DELETION_POSSIBLE })
        .where({ dataLocationId: locations.chaiSource })
        .andWhere(`status = 'present'`)
        .andWhere(`raw_data_file_id IN (SELECT id FROM raw_data_file WHERE raw_data_package_id = :packageId)`)
        .setParameter('packageId', uuidOf('rawDataPackage', year.cleanedPackages + 3))
        .execute(),
  },
  {
    number: 8,
    title: 'deletable file copies at a source',
    ask: (manager, { locations }) =>
      deletableCopies(manager, RawDataFilePhysicalCopy, {
        dataLocationId: locations.chaiSource,
        limit: BATCH,
      }),
  },
  {
    number: 9,
    title: 'package copies no staging job needs',
    ask: (manager, { locations }) =>
      deletableCopies(manager, RawDataPackagePhysicalCopy, {
        dataLocationId: locations.processing,
        limit: BATCH,
      }),
  },
  {
    number: 9,
    title: 'file copies no staging job needs',
    ask: (manager, { locations }) =>
      deletableCopies(manager, RawDataFilePhysicalCopy, {
        dataLocationId: locations.processing,
        limit: BATCH,
      }),
  },
  {
    number: 9,
    title: 'product copies no run reads',
    ask: (manager, { locations }) =>
      deletableCopies(manager, DataProductPhysicalCopy, {
        dataLocationId: locations.processing,
        limit: BATCH,
      }),
  },
];
