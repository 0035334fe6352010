import { isMap, parseDocument, type Document } from 'yaml';
import type { Decisions } from './wizard-state.ts';

/** The text of a mapping with decisions put in; comments, order and everything else stay as they are. */
export function decidedMapping(text: string, { zones, classes, treats }: Decisions): string {
  const document = parseDocument(text);
  for (const [table, zone] of Object.entries(zones)) {
    const target = ['tables', table, 'target'];
    const before = document.getIn([...target, 'zone']);
    if (!document.hasIn(target) || before === zone) continue;
    document.setIn([...target, 'zone'], zone);
    // The proposal names its database by the zone; a name that somebody chose stays.
    const database = document.getIn([...target, 'database']);
    if (typeof database === 'string' && typeof before === 'string' && database.startsWith(`${before}_`))
      document.setIn([...target, 'database'], `${zone}${database.slice(before.length)}`);
  }
  for (const [table, columns] of Object.entries(classes))
    for (const [column, name] of Object.entries(columns)) {
      const place = ['tables', table, 'columns', column];
      if (!isMap(document.getIn(place)) || document.getIn([...place, 'class']) === name) continue;
      document.setIn([...place, 'class'], name);
      treat(document, place, treats?.[table]?.[column]);
    }
  return document.toString({ lineWidth: 0 });
}

/** Where nobody has treated it. */
function treat(document: Document, column: readonly string[], how: string | undefined): void {
  const place = [...column, 'treat'];
  if (how !== undefined && !document.hasIn(place)) document.setIn(place, how);
}
