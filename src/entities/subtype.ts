import { Check, ChildEntity, getMetadataArgsStorage } from 'typeorm';
import { ownRules } from './column-rules.js';
import { snakeCase } from './snake-case.js';

/** Rules of a subtype by name, each an expression in which column names are quoted. */
interface SubtypeOptions {
  readonly rules?: Readonly<Record<string, string>>;
}

/**
 * A member of a family that shares one table. Columns that the member declares without `null:` are nullable
 * in the table, for the other members' rows; one check keeps them filled in its own, another empty in the others'.
 * @param name the name of the class, which a bundler may have shortened; its constraints are named after it
 * @param value what the family's discriminator column holds in rows of this member
 * @param options `rules`: checks that hold for this member's rows; they may only name its own columns, which
 *   are null in the others' rows
 */
export function Subtype(name: string, value: string, { rules = {} }: SubtypeOptions = {}): ClassDecorator {
  return (target) => {
    ChildEntity(value)(target);
    const family = Object.getPrototypeOf(target);
    const discriminator = getMetadataArgsStorage().findInheritanceType(family)?.column?.name as string;
    const own = ownRules(target as unknown as abstract new () => object);
    const filled = [...own]
      .filter(([, rule]) => rule.required)
      .map(([property]) => `"${snakeCase(property)}" IS NOT NULL`);
    const complete = filled.length > 0 ? { complete: filled.join(' AND ') } : {};
    const columns = [...own.keys()].map((property) => `"${snakeCase(property)}" IS NULL`);
    Check(
      `ck_${snakeCase(name)}__only`,
      `"${snakeCase(discriminator)}" = '${value}' OR (${columns.join(' AND ')})`,
    )(target);
    for (const [rule, expression] of Object.entries({ ...complete, ...rules }))
      Check(
        `ck_${snakeCase(name)}__${rule}`,
        `"${snakeCase(discriminator)}" <> '${value}' OR (${expression})`,
      )(target);
  };
}
