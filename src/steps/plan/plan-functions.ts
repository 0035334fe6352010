import type { Reason } from '../../domain/plan.ts';
import { reasonOf, type PlanContext } from './plan-context.ts';

/** Names the functions of each database, which stay behind: somebody may miss them when jobs or views move. */
export async function planFunctions(context: PlanContext, databases: ReadonlySet<string>): Promise<void> {
  for (const database of [...databases].sort()) await planDatabase(context, database);
}

async function planDatabase({ catalog, writer, signal }: PlanContext, database: string): Promise<void> {
  const add = (name: string, reason: Reason): void => {
    const scope = `${database}.${name}`;
    writer.add({ kind: 'function', id: `function:${scope}`, scope, verdict: 'skip', reason });
  };
  try {
    for (const name of await catalog.listFunctions(database, signal)) add(name, LEFT_BEHIND);
  } catch (error) {
    const reason = reasonOf(error, 'CANNOT_LIST_FUNCTIONS');
    if (reason === undefined) throw error;
    add('*', reason);
  }
}

const LEFT_BEHIND: Reason = {
  code: 'FUNCTION',
  text: 'a function of your own (UDF) runs inside Hive, and Athena does not run its code',
  hint: 'Write what it does in SQL where it is used, or rebuild it as a Lambda function for Athena.',
};
