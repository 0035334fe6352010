import { describe, expect, inject, it } from 'vitest';
import { otherJsonKeys } from '../../../src/adapters/duckdb/json-lines.ts';
import { runPython } from './run-python.ts';

const OPENX = 'org.openx.data.jsonserde.JsonSerDe';
const HCATALOG = 'org.apache.hive.hcatalog.data.JsonSerDe';

const PROGRAM = `
import json, sys
from lakelift_rows import Unsupported, rows_of

def answer(given):
    serde = {"SerializationLibrary": given["serde"], "Parameters": given.get("parameters", {})}
    columns = [{"Name": "id", "Type": "int"}, {"Name": "ok", "Type": "boolean"}]
    table = {"StorageDescriptor": {"SerdeInfo": serde, "Columns": columns}}
    try:
        return [row.fault or row.fields for row in rows_of(given.get("text", "").encode(), table)]
    except Unsupported as error:
        return str(error)

print(json.dumps([answer(given) for given in json.load(sys.stdin)]))
`;

interface Given {
  readonly serde: string;
  readonly text?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const answers = (given: readonly Given[]): Promise<unknown[]> => runPython(PROGRAM, given);

describe.skipIf(inject('stack') === undefined)('Lines of JSON in a function', () => {
  it('are objects with keys in any case, or are set aside', async () => {
    const lines = [
      '{"ID":1,"Id":2,"Ok":"oui"}',
      'Martin',
      '["id"]',
      '{"id":NaN}',
      '',
      '{"_col0":3,"_col9":1,"ok":true}',
    ];
    expect(await answers([{ serde: HCATALOG, text: lines.join('\n') }])).toEqual([
      [['2', false], 'not-json', 'not-json', 'not-json', ['3', true]],
    ]);
  });

  it('are refused where settings give keys to other columns, as builds refuse them', async () => {
    const settings = [
      { 'mapping.id': 'Ident' },
      { 'case.insensitive': 'FALSE' },
      { 'case.insensitive': 'true', 'Dots.In.Keys': 'TRUE' },
      { 'case.insensitive': 'true', 'ignore.malformed.json': 'true', 'dots.in.keys': 'false' },
    ];
    const given = [OPENX, HCATALOG].flatMap((serde) => settings.map((parameters) => ({ serde, parameters })));
    const said = given.map(({ serde, parameters }) => otherJsonKeys(serde, parameters) ?? []);
    expect(said.filter((one) => typeof one === 'string')).toHaveLength(3);
    expect(await answers(given)).toEqual(said);
  });

  it('are refused where the last lines of a file are no rows, as text is', async () => {
    const serdes = [HCATALOG, 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'];
    const given = serdes.map((serde) => ({ serde, parameters: { 'skip.footer.line.count': '1' } }));
    expect(await answers(given)).toEqual(given.map(() => 'text with footer lines'));
  });
});
