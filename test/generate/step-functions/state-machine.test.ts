import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { stepFunctions } from '../../../src/generate/step-functions/state-machine.ts';
import { blueprintOf } from '../blueprint.ts';
import { BLUEPRINT } from './blueprints.ts';

const textOf = (blueprint: typeof BLUEPRINT): string => stepFunctions(blueprint)[0]!.text;
const faultsOf = (text: string): string => {
  const { isValid, errorsText } = validate(JSON.parse(text));
  return isValid ? '' : errorsText();
};

describe('the state machine of a use case', () => {
  it('is Amazon States Language, and the validator tells when it is not', async () => {
    expect(faultsOf(textOf(BLUEPRINT))).toBe('');
    for (const useCase of ['absences', 'churn', 'field-sales'])
      expect(faultsOf(textOf(await blueprintOf(useCase))), useCase).toBe('');
    expect(faultsOf(textOf(BLUEPRINT).replace('"Next": "Record"', '"Next": "Recrod"'))).toContain('Recrod');
    expect(faultsOf(textOf(BLUEPRINT).replace('$$.Execution.StartTime', '$$.Execution..StartTime['))).not.toBe('');
  });

  it('makes a dataset after those that it is made of, whatever their order in the file', () => {
    const { States } = JSON.parse(textOf(BLUEPRINT)) as { States: Record<string, { Branches?: { States: object }[] }> };
    const made = (stage: string) => States[stage]!.Branches!.map((branch) => Object.keys(branch.States));
    expect(made('Stage 1').map((names) => names.find((name) => name.startsWith('Make ')))).toEqual([
      'Make salaries',
      'Make arrets',
      'Make maladie',
    ]);
    expect(made('Stage 2')).toEqual([
      [
        ...['Make suivi', 'Figures of suivi', 'Made: suivi', 'Made without figures: suivi'],
        ...['Set suivi aside', 'Failed: suivi'],
      ],
    ]);
  });

  it('takes small files only where a part of the rows is enough', () => {
    const text = textOf(BLUEPRINT);
    expect(text).toContain('"Files of maladie"');
    // Classes that are large enough within a file are so among all rows.
    expect(text).toContain('"Files of arrets"');
    // It joins.
    expect(text).not.toContain('"Files of suivi"');
  });

  it('quotes what a prefix may hold', () => {
    const raw = { bucket: 'acme-raw', prefix: "l'été/{x}" };
    const text = textOf({ ...BLUEPRINT, zones: { ...BLUEPRINT.zones, raw } });
    expect(JSON.parse(text)).toHaveProperty(
      ['States', 'Record', 'Parameters', 'Key.$'],
      String.raw`States.Format('l\'été/\{x\}/_audit/absences/{}.json', $$.Execution.Name)`,
    );
    expect(faultsOf(text)).toBe('');
  });

  it('asks for a shorter name where services have no room', () => {
    const { datasets } = BLUEPRINT;
    const long = { ...datasets.datasets[1]!, name: 'x'.repeat(60) };
    const blueprint = { ...BLUEPRINT, datasets: { ...datasets, datasets: [long] } };
    expect(() => stepFunctions(blueprint)).toThrow(expect.objectContaining({ code: 'NAME_TOO_LONG', kind: 'usage' }));
  });
});
