import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { modelMetadata } from '../../database/typeorm/model-metadata.js';
import { type ColumnRule, columnRule } from '../../entities/column-rules.js';
import { OpsDbError } from '../../errors.js';

/** A class of the model. */
export type EntityClass<T extends object = object> = abstract new () => T;

/** The columns that a row of a class has, in their order in the class and the classes that it extends. */
export function columnsOf({ columns }: EntityMetadata): ColumnMetadata[] {
  return columns.filter(({ isVirtual }) => !isVirtual);
}

/** What holds for a column in rows of a class. */
export function ruleOf({ target }: EntityMetadata, { propertyName, isNullable }: ColumnMetadata): ColumnRule {
  return columnRule(target as EntityClass, propertyName) ?? { required: !isNullable };
}

/** Whether a column holds points in time. */
export function isInstant({ type, isCreateDate, isUpdateDate }: ColumnMetadata): boolean {
  return type === Date || isCreateDate || isUpdateDate;
}

/** The metadata of a class; undefined for what is not of the model. */
export function metadataOf(target: unknown): EntityMetadata | undefined {
  return modelMetadata().find((metadata) => metadata.target === target);
}

/**
 * The metadata of a class of the model.
 * @throws OpsDbError `plain_invalid` for any other class
 */
export function requireMetadata(entity: EntityClass): EntityMetadata {
  const metadata = metadataOf(entity);
  if (metadata) return metadata;
  throw new OpsDbError('plain_invalid', `${entity.name} is no class of the model: use one of entities`);
}
