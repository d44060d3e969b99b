/** `fill.js <task> <database> [<checkout>]`: makes the tables and the rows of a task. */
import { partsOf } from './parts.js';

async function main([name = '', database = '', root]: string[]): Promise<void> {
  const parts = partsOf(root);
  const task = await parts.tasks.taskNamed(name);
  const dataSource = await parts.database.openDatabase(database);
  await task.fill(dataSource);
  await dataSource.destroy();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
