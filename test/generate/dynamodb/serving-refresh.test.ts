import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { blueprintOf } from '../blueprint.ts';

const files = servingTable(await blueprintOf('field-sales'));
const text = files.find(({ path }) => path === 'dynamodb/refresh.json')!.text;
const faultsOf = (definition: string): string => {
  const { isValid, errorsText } = validate(JSON.parse(definition));
  return isValid ? '' : errorsText();
};

describe('the refresh of what an application reads', () => {
  it('is Amazon States Language, and the validator tells when it is not', () => {
    expect(faultsOf(text)).toBe('');
    expect(faultsOf(text.replace('"Next": "Import"', '"Next": "Imprt"'))).toContain('Imprt');
  });

  it('names no table before it is whole, and asks for nothing that would change the one in use before', () => {
    const { States } = JSON.parse(text) as { States: Record<string, { Resource?: string; Next?: string }> };
    const writes = Object.entries(States).filter(([, { Resource = '' }]) => Resource.endsWith('ssm:putParameter'));
    expect(writes.map(([name]) => name)).toEqual(['Remember', 'Switch']);
    expect(States['Protect']!.Next).toBe('Was there one?');
    const deletes = Object.entries(States).filter(([, { Resource = '' }]) => Resource.endsWith('deleteTable'));
    expect(deletes.map(([name]) => name)).toEqual(['Make room', 'Take it away']);
  });

  it('is nothing where nothing is served', async () => {
    expect(servingTable(await blueprintOf('absences'))).toEqual([]);
  });
});
