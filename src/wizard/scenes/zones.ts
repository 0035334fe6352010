import { ZONES, type Zone } from '../../domain/mapping.ts';
import { BACK, type Choice } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';
import { proposedMapping } from '../proposed-mapping.ts';

const DONE = '\0done';

/** The zone of each table: raw unless the person says otherwise. */
export async function zonesScene(room: Room, state: WizardState): Promise<Move> {
  const { words, ask, terminal } = room;
  const { mapping, missing } = await proposedMapping(room, state.useCase!);
  for (const { pattern, reason } of missing) terminal.say(`✗ ${pattern}: ${reason.text} ${reason.hint ?? ''}`);
  const zones: Record<string, Zone> = { ...state.decisions.zones };
  const names = Object.keys(mapping.tables);
  for (;;) {
    const lines = names.map((name): Choice => ({
      value: name,
      name: `${name} → ${zones[name] ?? mapping.tables[name]!.target.zone}`,
    }));
    const answer = await ask({
      kind: 'choice',
      message: words.askZones,
      choices: [{ value: DONE, name: words.zonesRight }, ...lines],
    });
    if (answer === BACK) return { kind: 'back' };
    if (answer === DONE) return { kind: 'done', change: { decisions: { ...state.decisions, zones } } };
    const zone = await ask({
      kind: 'choice',
      message: answer,
      choices: ZONES.map((value) => ({ value, name: `${value}: ${words.zones[value]}` })),
    });
    if (zone !== BACK) zones[answer] = zone as Zone;
  }
}
