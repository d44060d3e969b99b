import type { EntityMetadata } from 'typeorm';
import type { IndexMetadata } from 'typeorm/metadata/IndexMetadata.js';

/**
 * Takes away the indexes that TypeORM adds of its own and that only cost: on discriminators, which have a few values, and
 * on the first column of the primary key of a junction table.
 */
export function dropSuperfluousIndexes(metadata: EntityMetadata): void {
  metadata.indices = metadata.indices.filter((index) => !isSuperfluous(index, metadata));
}

function isSuperfluous({ columns: [column, ...others] }: IndexMetadata, metadata: EntityMetadata): boolean {
  if (!column || others.length > 0) return false;
  return column.isDiscriminator || (metadata.tableType === 'junction' && column === metadata.ownerColumns[0]);
}
