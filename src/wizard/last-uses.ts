import { sharedReportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { lastUseMs } from '../domain/assessment/folder-usage.ts';
import { readText } from '../ports/report-folder.ts';
import { ASSESSMENT_FILES } from '../report/report-files.ts';
import { assessmentSchema } from '../report/assessment-schema.ts';

/**
 * When each table and folder was last read or written, in milliseconds since 1970, by `database.table` or path: what the last assessment found in an
 * image of the NameNode, which nobody could ask of a running one file by file. Empty where none was made.
 */
export async function lastUses(project: Project): Promise<ReadonlyMap<string, number>> {
  const folder = sharedReportFolder(project);
  if (!folder.has(ASSESSMENT_FILES.json)) return new Map();
  const assessment = assessmentSchema.safeParse(parsed(await readText(folder, ASSESSMENT_FILES.json)));
  if (!assessment.success) return new Map();
  const { items, otherFolders } = assessment.data;
  const seen = [...items, ...otherFolders.map(({ path, usage }) => ({ name: path, usage }))];
  return new Map(
    seen.flatMap(({ name, usage }) => {
      const usedAtMs = usage && lastUseMs(usage);
      return usedAtMs === undefined ? [] : [[name, usedAtMs]];
    }),
  );
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
