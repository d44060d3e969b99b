import { ViewColumn } from 'typeorm';
import { snakeCase } from '../entities/snake-case.js';

/** Description of a column of a view. */
interface ViewColumnOptions {
  /** One sentence without its full stop: what the value is. */
  readonly comment: string;
  /** The unit in VOUnits spelling; without one the value has none. */
  readonly unit?: string;
  /** The concept of the IVOA's controlled vocabulary (UCD1+) that the value belongs to. */
  readonly ucd: string;
  /** The place of the value in the data model of the IVOA. */
  readonly utype: string;
  /** What null means; without it the value is never null. */
  readonly null?: string;
}

/** A column of a view with its description. */
export interface DescribedViewColumn extends ViewColumnOptions {
  /** The name in the database. */
  readonly name: string;
}

const described = new WeakMap<object, DescribedViewColumn[]>();

/** A column of a view, in snake_case in the database. */
export function Described(options: ViewColumnOptions): PropertyDecorator {
  return (target, property) => {
    const name = snakeCase(String(property));
    ViewColumn({ name })(target, property);
    described.set(target, [...(described.get(target) ?? []), { name, ...options }]);
  };
}

/** The columns of a view in their order. */
export function viewColumns(view: abstract new () => object): readonly DescribedViewColumn[] {
  return described.get(view.prototype) ?? [];
}

/** The comment of a column: what it is, its unit, its UCD, its utype, what null means. */
export function viewColumnComment({ comment, unit, ucd, utype, null: meaning }: DescribedViewColumn): string {
  const parts = [
    unit ? `${comment} [${unit}]` : comment,
    `UCD ${ucd}`,
    `utype ${utype}`,
    ...(meaning ? [`null: ${meaning}`] : []),
  ];
  return `${parts.join('; ')}.`;
}
