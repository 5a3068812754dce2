import { ArgumentError, checkArgument, describe } from '@paragrad/check';
import { anEnvironment, type Environment } from './environment.js';

/** The agents of each team, by the team's name. Empty if there is only one team, or if the environment knows of none. */
export function teamsOf(env: Environment): Readonly<Record<string, readonly string[]>> {
  checkArgument('teamsOf', 'env', env, anEnvironment);
  if (!env.team) return {};
  const teams = new Map<string, string[]>();
  for (const agent of env.possibleAgents) {
    const team: unknown = env.team(agent);
    if (typeof team !== 'string') {
      throw new ArgumentError(`teamsOf: ${agent}'s team is ${describe(team)}; return the team's name`);
    }
    teams.set(team, [...(teams.get(team) ?? []), agent]);
  }
  return teams.size > 1 ? Object.fromEntries(teams) : {};
}
