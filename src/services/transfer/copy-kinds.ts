import {
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyType,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../entities/index.js';
import type { EntityClass } from '../../lifecycle/index.js';

/** The class of each kind of copy. */
export const COPY_KINDS: Readonly<Record<PhysicalCopyType, EntityClass<PhysicalCopy>>> = {
  [PhysicalCopyType.RAW_DATA_FILE]: RawDataFilePhysicalCopy,
  [PhysicalCopyType.RAW_DATA_PACKAGE]: RawDataPackagePhysicalCopy,
  [PhysicalCopyType.DATA_TRANSFER_PACKAGE]: DataTransferPackagePhysicalCopy,
  [PhysicalCopyType.DATA_PRODUCT]: DataProductPhysicalCopy,
};
