import type { Command } from 'commander';
import { type GrantedRead, type GrantReadOptions, grantRead } from '../grant-read/grant-read.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';

/** `opsdb grant-read`: lets a role read everything but the hashes of tokens. */
export function grantReadCommand(): Command {
  return new DatabaseCommand('grant-read', {
    'opsdb grant-read grafana --dry-run': 'the SQL, for review',
    'opsdb grant-read grafana': 'for an existing role; repeat it after each migration',
    'opsdb grant-read grafana --create':
      'for a new role; its password is set afterwards (\\password grafana in psql)',
  })
    .description(
      'Let a PostgreSQL role read every table and view except the hashes of tokens, for example for dashboards.',
    )
    .argument('<role>', 'name of the role')
    .option('--create', 'create the role, without a password, if it does not exist')
    .option('--dry-run', 'print the SQL and change nothing')
    .action(async (role: string, { create, dryRun, ...output }: GrantReadOptions & Output) => {
      const granted = await connected((dataSource) => grantRead(dataSource, role, { create, dryRun }));
      print(granted, output, describe);
    });
}

function describe({ role, created, dryRun, statements }: GrantedRead): string {
  if (dryRun) return statements.map((statement) => `${statement};`).join('\n');
  const granted = `The role ${role} may read every table and view but the hashes of tokens, and write nothing.`;
  return created
    ? `${granted}\nIt is new and has no password yet: \\password ${role} in psql sets one.`
    : granted;
}
