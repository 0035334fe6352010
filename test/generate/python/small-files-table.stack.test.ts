import { describe, expect, it } from 'vitest';
import { runPython } from './run-python.ts';

/** A Glue that refuses as AWS does while others write the same table; `script` holds what each call to write meets, until it is empty. */
const LOOK_AT_TABLE = `
import json, sys, time
from lakelift_small_files import _Opened
request = json.load(sys.stdin)
time.sleep = lambda seconds: None

class Glue:
    class exceptions:
        EntityNotFoundException = type("EntityNotFoundException", (Exception,), {})
        AlreadyExistsException = type("AlreadyExistsException", (Exception,), {})
        ConcurrentModificationException = type("ConcurrentModificationException", (Exception,), {})
    def __init__(self):
        self.table, self.calls, self.script = request["standing"], [], list(request["script"])
    def get_table(self, **_):
        if self.table is None:
            raise self.exceptions.EntityNotFoundException()
        return {"Table": self.table}
    def _write(self, call, TableInput):
        self.calls.append(call)
        meets = self.script.pop(0) if self.script else None
        if meets is not None and request["othersWrite"]:
            self.table = TableInput
        if meets is not None:
            raise getattr(self.exceptions, meets)(meets)
        self.table = TableInput
    def create_table(self, DatabaseName, TableInput):
        self._write("create", TableInput)
    def update_table(self, DatabaseName, TableInput):
        self._write("update", TableInput)

glue = Glue()
column = {"name": "matricule", "source": "matricule", "class": "identifier", "treat": "pseudonymise"}
target = {"database": "c", "table": "t_small_files", "bucket": "b", "folder": "f/", "parameters": request["parameters"]}
declared = {"pseudonyms": None, "source": {"name": "raw.t", "columns": [column]}, "joins": [], "target": target}
class Files:
    def type_of(self, *_):
        return "string"
opened = _Opened(declared, lambda *_: Files(), lambda name: glue)
error = None
try:
    opened._ensure_table()
except Exception as failure:
    error = type(failure).__name__
print(json.dumps({"calls": glue.calls, "error": error, "parameters": (glue.table or {}).get("Parameters")}))
`;

interface Looked {
  readonly calls: readonly string[];
  readonly error: string | null;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

const look = (request: object): Promise<Looked> =>
  runPython(LOOK_AT_TABLE, { standing: null, script: [], othersWrite: false, parameters: { v: '2' }, ...request });

const standing = {
  Parameters: { v: '1', others: 'x' },
  StorageDescriptor: {
    Columns: [
      { Name: 'matricule', Type: 'string' },
      { Name: 'lakelift_source', Type: 'string' },
      { Name: 'lakelift_source_time', Type: 'timestamp' },
    ],
  },
};

describe('the table of what functions write, which many make and change at once', () => {
  it('is taken as it stands when another function was first', async () => {
    const made = await look({ script: ['AlreadyExistsException'], othersWrite: true });
    expect(made).toMatchObject({ calls: ['create'], error: null, parameters: { v: '2' } });
    const changed = await look({ standing, script: ['ConcurrentModificationException'], othersWrite: true });
    expect(changed).toMatchObject({ calls: ['update'], error: null, parameters: { v: '2', others: 'x' } });
  });

  it('is written again when another write was under way', async () => {
    const script = ['ConcurrentModificationException', 'ConcurrentModificationException'];
    expect(await look({ script })).toMatchObject({ calls: ['create', 'create', 'create'], error: null });
    expect(await look({ standing, script })).toMatchObject({ calls: ['update', 'update', 'update'], error: null });
  });

  it('fails when that does not end', async () => {
    const script = Array.from({ length: 50 }, () => 'ConcurrentModificationException');
    expect(await look({ standing, script })).toMatchObject({
      error: 'ConcurrentModificationException',
      parameters: { v: '1' },
    });
  });
});
