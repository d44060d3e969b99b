import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import { ConstantElevationSource, type ObsUnit, Source } from '../../entities/index.js';
import { readMany } from '../reading/index.js';

/** Loads the bodies that fields move with; a relation of one member of a family cannot be asked for through the family. */
export async function loadFollowedSources(manager: EntityManager, units: readonly ObsUnit[]): Promise<void> {
  const fields = units
    .map(({ source }) => source)
    .filter((source): source is ConstantElevationSource => source instanceof ConstantElevationSource);
  const ids = new Set(fields.flatMap(({ followsSourceId }) => followsSourceId ?? []));
  if (ids.size === 0) return;
  const followed = await readMany(manager, Source, { where: { id: oneOf(manager, [...ids]) } });
  for (const field of fields)
    field.followsSource = followed.find(({ id }) => id === field.followsSourceId) ?? null;
}
