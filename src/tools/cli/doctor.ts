import type { Command } from 'commander';
import { diagnose, type Finding } from '../doctor/index.js';
import { coloured, DatabaseCommand, type Output, print } from './command.js';
import { target } from './connection.js';

/** `opsdb doctor`: checks what may keep a service from working, and says what to do. */
export function doctorCommand(): Command {
  return new DatabaseCommand('doctor', {
    'opsdb doctor': 'find out what is wrong',
    'ENV_FOR_DYNACONF=production opsdb doctor': 'before a deployment',
    'opsdb doctor --json': 'the same for a monitor',
  })
    .description(
      'Examine settings, connection, schema, replicas, clocks, disk space and permissions, and say what to do. ' +
        'Exit with 1 if one fails.',
    )
    .action(async (output: Output) => {
      const findings = await diagnose(target());
      print(findings, output, describe);
      if (findings.some(({ status }) => status === 'fail')) process.exitCode = 1;
    });
}

function describe(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ check, status, found, remedy }) => [
      `${coloured(status, status.padEnd(4))}  ${check.padEnd(11)}  ${found.replaceAll('\n', `\n${INDENT}`)}`,
      ...(remedy ? [`${INDENT}→ ${remedy}`] : []),
    ])
    .join('\n');
}

const INDENT = ' '.repeat(19);
