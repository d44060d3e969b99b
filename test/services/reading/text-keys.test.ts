import {
  Column,
  type DataSource,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { createDataSource } from '../../../src/datasource.js';
import { readByKey, readMany } from '../../../src/services/reading/index.js';
import { describeEachDatabase } from '../../support/databases.js';

@Entity({ name: 'shelf' })
class Shelf {
  @PrimaryColumn('text')
  name!: string;

  @OneToMany(
    () => Book,
    (book) => book.shelf,
  )
  books?: Relation<Book>[];
}

@Entity({ name: 'book' })
class Book {
  @PrimaryColumn('text')
  title!: string;

  @Column('text', { name: 'shelf_name', nullable: true })
  shelfName!: string | null;

  @ManyToOne(
    () => Shelf,
    (shelf) => shelf.books,
  )
  @JoinColumn({ name: 'shelf_name' })
  shelf?: Relation<Shelf> | null;
}

const NAMES = ['a,b', '{}', '"', '\\', ' ', 'NULL', "it's", '', 'é\n'];

describeEachDatabase('a service with tables whose keys are texts', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await createDataSource({
      ...database.options,
      entities: [Shelf, Book],
      migrations: [],
    }).initialize();
    await dataSource.query('CREATE TABLE shelf (name text PRIMARY KEY)');
    await dataSource.query(
      'CREATE TABLE book (title text PRIMARY KEY, shelf_name text REFERENCES shelf (name))',
    );
    await dataSource.manager.insert(
      Shelf,
      NAMES.map((name) => ({ name })),
    );
    await dataSource.manager.insert(Book, [
      ...NAMES.map((shelfName) => ({ title: `on ${shelfName}`, shelfName })),
      { title: 'on none', shelfName: null },
    ]);
  });
  afterAll(() => dataSource.destroy());

  it('reads parents and children by any text', async () => {
    const books = await readMany(dataSource.manager, Book, { relations: { shelf: true } });
    expect(new Map(books.map(({ title, shelf }) => [title, shelf?.name]))).toEqual(
      new Map([...NAMES.map((name) => [`on ${name}`, name] as const), ['on none', undefined]]),
    );
    const shelves = await readMany(dataSource.manager, Shelf, { relations: { books: { shelf: true } } });
    expect(new Map(shelves.map(({ name, books: own }) => [name, own?.map(({ title }) => title)]))).toEqual(
      new Map(NAMES.map((name) => [name, [`on ${name}`]])),
    );
  });

  it('reads one by its key', async () => {
    for (const name of NAMES) {
      const shelf = await readByKey(dataSource.manager, Shelf, name, { relations: { books: true } });
      expect(shelf?.books?.map(({ title }) => title)).toEqual([`on ${name}`]);
    }
  });
});
