import type { DeepPartial, EntityManager, ObjectLiteral } from 'typeorm';
import { entities } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { concreteOf, type Recipe, recipes } from './recipes.js';

/** An entity, or the family that it belongs to. */
export type Made<T> = abstract new () => T;

/** Makes valid rows and the rows that they refer to, which all of them share. */
export class Maker {
  private readonly shared = new Map<string, Promise<ObjectLiteral>>();

  constructor(private readonly manager: EntityManager) {}

  /** The row of an entity that all others refer to; where some need several, each has a name. It is made the first time. */
  one<T extends ObjectLiteral>(entity: Made<T>, name = '', given: Partial<T> = {}): Promise<T> {
    const key = `${entity.name} ${name}`;
    const known = this.shared.get(key) ?? this.make(entity, given);
    this.shared.set(key, known);
    return known as Promise<T>;
  }

  /** One more row. Given values win; a row that only a replaced value would need is not made. */
  async make<T extends ObjectLiteral>(entity: Made<T>, given: Partial<T>): Promise<T> {
    const concrete = concreteOf(entity);
    const recipe = recipes.get(concrete);
    if (!recipe) throw unknownEntity(entity);
    const values = { ...(await this.valuesOf(recipe, given)), ...given };
    return this.manager.save(this.manager.create(concrete, values as DeepPartial<T>));
  }

  /** One after the other: the rows may share a connection. */
  private async valuesOf(recipe: Recipe<ObjectLiteral>, given: ObjectLiteral): Promise<ObjectLiteral> {
    const values: ObjectLiteral = {};
    for (const [property, value] of Object.entries(recipe)) {
      const isGiven = property in given || property.replace(/Id$/, '') in given;
      if (!isGiven) values[property] = typeof value === 'function' ? await value(this) : value;
    }
    return values;
  }
}

function unknownEntity({ name }: { readonly name: string }): OpsDbError {
  const names = entities.map((entity) => entity.name);
  return new OpsDbError(
    'argument_invalid',
    `entity is ${name}; it must be an entity of ccat-ops-db${nearest(name, names)}`,
  );
}
