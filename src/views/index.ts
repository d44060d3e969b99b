import { ObsCore } from './obs-core.js';
import { obsCoreSelect } from './obs-core-sql.js';

export { viewColumnComment, viewColumns } from './view-column.js';
export { ObsCore };

/** A view of the model: a class to read it with, and what it selects. */
export interface View {
  readonly entity: new () => object;
  /** The name in the database. */
  readonly name: string;
  /** One sentence: what its rows are. */
  readonly comment: string;
  /** Its SELECT on a database. */
  readonly select: (database: 'postgresql' | 'sqlite') => string;
}

/** Every view of the model. */
export const views: readonly View[] = [
  {
    entity: ObsCore,
    name: 'obscore',
    comment: 'Archived packages and science products as ObsCore 1.1 of the IVOA describes them.',
    select: obsCoreSelect,
  },
];
