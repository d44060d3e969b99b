import type { MigrationInterface } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

/**
 * A migration of this package as TypeORM lists it: its name is known at once, its file is loaded when it is run, which most
 * processes never do.
 * @param load what requires the file; its path is written out there, so that bundlers find it
 */
export function listed(name: string, load: () => Readonly<Record<string, MigrationClass>>): MigrationClass {
  let migration: MigrationInterface | undefined;
  const loaded = () => {
    if (migration) return migration;
    const Migration = load()[name] as MigrationClass;
    migration = new Migration();
    return migration;
  };
  const Listed: MigrationClass = class implements MigrationInterface {
    readonly name = name;

    get transaction() {
      return loaded().transaction;
    }

    up: MigrationInterface['up'] = (runner) => loaded().up(runner);

    down: MigrationInterface['down'] = (runner) => loaded().down(runner);
  };
  return Object.defineProperty(Listed, 'name', { value: name });
}
