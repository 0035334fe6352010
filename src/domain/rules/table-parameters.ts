/** Written by Hive, Impala or Spark about their own state at the source; untrue of the copy. */
const DROPPED =
  /^(COLUMN_STATS_ACCURATE|DO_NOT_UPDATE_STATS|STATS_GENERATED.*|transient_lastDdlTime|last_modified_(by|time)|num(Rows|Files|FilesErasureCoded|Partitions)|rawDataSize|totalSize|EXTERNAL|external\.table\.purge|auto\.purge|discover\.partitions|TRANSLATED_TO_EXTERNAL|bucketing_version|comment|impala\..*|spark\.sql\.statistics\..*|lakelift\..*|classification)$/i;

/** Parameters of a table or partition that still mean something at the target (`skip.header.line.count`, `orc.compress`…). */
export function keptParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !DROPPED.test(name)));
}
