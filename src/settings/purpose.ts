/** What an environment is for, by its name. An unknown name counts as production. */

const FOR_DEVELOPMENT = ['development', 'develop', 'dev', 'local', 'test', 'testing', 'ci'];
const FOR_REHEARSAL = [...FOR_DEVELOPMENT, 'staging', 'stage', 'rehearsal', 'demo', 'qa'];

/**
 * Whether all active environments are known to be for development, where tables may be dropped without confirmation.
 */
export function isForDevelopment(environment: readonly string[]): boolean {
  return isOneOf(FOR_DEVELOPMENT, environment);
}

/** Whether all active environments are known to be for development or rehearsal, where nights may be simulated. */
export function isForRehearsal(environment: readonly string[]): boolean {
  return isOneOf(FOR_REHEARSAL, environment);
}

/** The active environments, for messages. */
export function environmentText(environment: readonly string[]): string {
  return environment.length === 0 ? 'not named' : environment.join(', ');
}

function isOneOf(names: readonly string[], environment: readonly string[]): boolean {
  return environment.length > 0 && environment.every((name) => names.includes(name));
}
