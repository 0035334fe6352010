import { describe, expect, inject, it } from 'vitest';
import { runPython } from './run-python.ts';

const PROGRAM = `
import json, sys
from lakelift_rules import Refused
from lakelift_table_files import TableFiles

class Glue:
    def get_table(self, **_):
        columns = [{"Name": "id", "Type": "int"}, {"Name": "noms", "Type": "array<string>"}]
        serde = {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"}
        return {"Table": {"StorageDescriptor": {"Location": "s3://raw/t", "Columns": columns, "SerdeInfo": serde}}}

def answer(column):
    declared = {"from": {"known": ["id", "noms"], "database": "d", "table": "t"}, "source": {"columns": [column], "where": []}}
    try:
        return TableFiles(declared, lambda _: Glue()).place_of("raw", "t/a.json")
    except Refused as error:
        return str(error)

print(json.dumps([answer(column) for column in json.load(sys.stdin)]))
`;

describe.skipIf(inject('stack') === undefined)('A table for a function', () => {
  it('has no list that is to be treated, or read as something else', async () => {
    const columns = [
      { source: 'id', name: 'id', treat: 'mask:2' },
      { source: 'noms', name: 'noms', treat: 'keep' },
      { source: 'noms', name: 'noms', treat: 'mask:2' },
      { source: 'noms', name: 'noms', treat: 'keep', type: { form: 'int' } },
    ];
    const refused = 'treats lists, maps or structs, which are kept or dropped: noms';
    expect(await runPython(PROGRAM, columns)).toEqual([{}, {}, refused, refused]);
  });
});
