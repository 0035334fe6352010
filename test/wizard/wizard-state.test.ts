import { describe, expect, it } from 'vitest';
import { moved, readState, START, STEPS, type Move, type WizardState } from '../../src/wizard/wizard-state.ts';

const done: Move = { kind: 'done' };

function after(...moves: readonly Move[]): WizardState {
  return moves.reduce(moved, START);
}

describe("the wizard's steps", () => {
  it('follow each other from connecting to the end, where they stay', () => {
    let state = START;
    const seen = [state.step];
    while (seen.length <= STEPS.length) seen.push((state = moved(state, done)).step);
    expect(seen).toEqual([...STEPS, 'end']);
  });

  it('lead elsewhere when told, with what was decided', () => {
    const state = after(done, done, { kind: 'done', change: { useCase: 'churn' }, to: 'plan' });
    expect(state).toMatchObject({ step: 'plan', useCase: 'churn', taken: ['choose'] });
  });

  it('go back to the step that was taken before, whichever way led here', () => {
    const atPlan = after(done, done, { kind: 'done', to: 'plan' });
    expect(moved(atPlan, { kind: 'back' }).step).toBe('choose');
    const atFolders = after(done, done, done, done, done);
    expect(atFolders.step).toBe('folders');
    expect(moved(moved(atFolders, { kind: 'back' }), { kind: 'back' }).step).toBe('describe');
  });

  it('never go back before the choice of a use case: connections stay', () => {
    const atChoice = after(done, done);
    expect(moved(atChoice, { kind: 'back' })).toEqual(atChoice);
  });

  it('go back from the report to the plan, never into another run', () => {
    const atReport = after(done, done, { kind: 'done', to: 'plan' }, done, done);
    expect(atReport.step).toBe('accept');
    expect(moved(atReport, { kind: 'back' }).step).toBe('plan');
  });

  it('keep what was decided when asked again, or when going back', () => {
    const decisions = { zones: { 'rh.t': 'cleaned' as const }, classes: {} };
    const state = after(done, done, { kind: 'done', change: { useCase: 'x', decisions }, to: 'columns' });
    expect(moved(state, { kind: 'again', change: { planHash: 'h' } })).toMatchObject({
      step: 'columns',
      decisions,
      planHash: 'h',
    });
    expect(moved(state, { kind: 'back' })).toMatchObject({ step: 'choose', decisions });
  });
});

describe('what the wizard remembers', () => {
  it('is read back as it was kept', () => {
    const state = after(done, done, {
      kind: 'done',
      change: { useCase: 'x', decisions: { zones: { 'a.b': 'raw' }, classes: { 'a.b': { c: 'sensitive' } } } },
    });
    expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it.each([
    ['nothing', undefined],
    ['another shape', { step: 'plan' }],
    ['an unknown step', { ...START, step: 'dance' }],
    ['an unknown zone', { ...START, decisions: { zones: { a: 'gold' }, classes: {} } }],
    ['an unknown class', { ...START, decisions: { zones: {}, classes: { a: { b: 'secret' } } } }],
  ])('is forgotten when it is %s', (_what, json) => {
    expect(readState(json)).toBeUndefined();
  });
});
