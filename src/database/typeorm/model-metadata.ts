import { type EntityMetadata, getMetadataArgsStorage } from 'typeorm';
import { EntityMetadataBuilder } from 'typeorm/metadata-builder/EntityMetadataBuilder.js';
import { entities } from '../../entities/index.js';
import { IN_MEMORY } from '../connection-settings.js';
import { OpsDbNaming } from '../naming.js';
import { ModelDataSource } from './model-data-source.js';
import { dropSuperfluousIndexes } from './superfluous-index.js';

let built: readonly EntityMetadata[] | undefined;

/** What TypeORM knows of every class and junction table, without a database. Built once. */
export function modelMetadata(): readonly EntityMetadata[] {
  built ??= build();
  return built;
}

function build(): EntityMetadata[] {
  const dataSource = new ModelDataSource({
    type: 'better-sqlite3',
    // Never connected, so that neither driver need be installed.
    driver: {},
    database: IN_MEMORY,
    namingStrategy: new OpsDbNaming(),
  });
  const metadata = new EntityMetadataBuilder(dataSource, getMetadataArgsStorage()).build([...entities]);
  metadata.forEach(dropSuperfluousIndexes);
  return metadata;
}
