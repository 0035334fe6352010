import { describe, expect, it } from 'vitest';
import { objectionToName } from '../../../src/domain/privacy/small-objects.ts';
import { runPython } from './run-python.ts';

const TABLE = 's3://raw/rh/t/';
const DSN = 's3://raw/data/dsn/';
const KEYS = ['annee', 'mois'];
const NAMES = [
  'annee=2024/mois=1/a',
  'Annee=2024/Mois=1/a.gz',
  'annee=2024/mois=__HIVE_DEFAULT_PARTITION__/a%3A b é',
  'annee=2024/mois=1/_a',
  'annee=2024/mois=1/.a',
  'annee=2024/a',
  'annee=2024/mois=1/x/a',
  'annee=2024/jour=1/a',
  'a',
];
const DSN_NAMES = ['a.dsn', '2024/01/reçu n°1.dsn', '_recu.csv', '2024/.tmp/a.dsn', '_x/a.dsn', 'a.dsn._COPYING_'];

/** Whether a function takes what bears such a name. */
const TAKEN = `
import json, sys, types
norm = types.ModuleType("lakelift_dsn_norm")
norm.BLOCKS = {"S20.G00.05": {"rubrics": {}}}
sys.modules["lakelift_dsn_norm"] = norm
from lakelift_rules import Refused
from lakelift_table_files import TableFiles
from lakelift_dsn_files import DsnFiles
request = json.load(sys.stdin)

class Glue:
    def get_table(self, **_):
        keys = [{"Name": name, "Type": "string"} for name in request["keys"]]
        return {"Table": {"PartitionKeys": keys, "StorageDescriptor": {"Columns": [], "Location": request["table"]}}}

def is_taken(files, key):
    try:
        files.place_of("raw", key)
        return True
    except Refused:
        return False

nothing = {"source": {"name": "S20.G00.05", "columns": [], "keys": [], "where": []}, "joins": []}
table = TableFiles({"from": {"database": "d", "table": "t", "known": request["keys"]}, **nothing}, lambda _: Glue())
dsn = DsnFiles({"from": {"bucket": "raw", "folder": "data/dsn/"}, **nothing}, None)
print(json.dumps({"table": [is_taken(table, key) for key in request["tableKeys"]], "dsn": [is_taken(dsn, key) for key in request["dsnKeys"]]}))
`;

describe('names of objects that "lakelift zones manifest" lists', () => {
  it('are those that functions take, of tables and of DSN files', async () => {
    const keysOf = (location: string, names: readonly string[]) => [
      ...names.map((name) => `${location.slice('s3://raw/'.length)}${name}`),
      'elsewhere/a',
    ];
    const tableKeys = keysOf(TABLE, NAMES);
    const dsnKeys = keysOf(DSN, DSN_NAMES);
    const isListed = (location: string, partitionKeys: readonly string[] | undefined) => (key: string) =>
      objectionToName(`s3://raw/${key}`, { location, partitionKeys }) === undefined;
    const listed = { table: tableKeys.map(isListed(TABLE, KEYS)), dsn: dsnKeys.map(isListed(DSN, undefined)) };
    expect(listed.table.filter(Boolean)).toHaveLength(3);
    expect(listed.dsn.filter(Boolean)).toHaveLength(2);
    expect(await runPython(TAKEN, { table: TABLE, keys: KEYS, tableKeys, dsnKeys })).toEqual(listed);
  });
});
