import type { Check } from '../../domain/privacy/check.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';

/**
 * The checks of each dataset in AWS Glue's Data Quality Definition Language, a file for those that refuse and one for those that warn. They say the same as the
 * checks that jobs and `zones build` make; here they are for who wants to see them in Glue, on tables that stand.
 */
export function dataQuality({ datasets }: Blueprint): GeneratedFile[] {
  return datasets.datasets.flatMap((dataset) =>
    (['refuse', 'warn'] as const).flatMap((severity) => {
      const checks = dataset.checks.filter((check) => check.severity === severity);
      return checks.length === 0 ? [] : [{ path: `dqdl/${dataset.name}.${severity}.dqdl`, text: ruleset(checks) }];
    }),
  );
}

function ruleset(checks: Dataset['checks']): string {
  return `Rules = [\n${checks
    .flatMap(rulesOf)
    .map((rule) => `    ${rule}`)
    .join(',\n')}\n]\n`;
}

/** Column values that are NULL fail in DQDL, and pass here: `where` leaves their rows out. `between` leaves out its ends there. */
function rulesOf(check: Check): string[] {
  switch (check.rule) {
    case 'not-null':
      return [`IsComplete ${quoted(check.column)}`];
    case 'unique':
      return [`CustomSql ${quoted(duplicates(check.columns))} = 0`];
    case 'between':
      return [
        ...(check.min === undefined ? [] : [values(check.column, `>= ${check.min}`)]),
        ...(check.max === undefined ? [] : [values(check.column, `<= ${check.max}`)]),
      ];
    case 'in':
      return [values(check.column, `in [${check.values.map(quoted).join(', ')}]`)];
    case 'matches':
      return [values(check.column, `matches ${quoted(`^(?:${check.pattern})$`)}`)];
    case 'row-count':
      return [
        ...(check.min === undefined ? [] : [`RowCount >= ${check.min}`]),
        ...(check.max === undefined ? [] : [`RowCount <= ${check.max}`]),
      ];
  }
}

function values(column: string, condition: string): string {
  return `ColumnValues ${quoted(column)} ${condition} where ${quoted(`${name(column)} is not null`)}`;
}

/** Values that stand in more than one row; `primary` is the dataset. */
function duplicates(columns: readonly string[]): string {
  const names = columns.map(name);
  const isThere = names.map((one) => `${one} is not null`).join(' and ');
  const groups = `select ${names.join(', ')} from primary where ${isThere} group by ${names.join(', ')} having count(*) > 1`;
  return `select count(*) from (${groups})`;
}

function name(column: string): string {
  return `\`${column}\``;
}

/** A quotation mark within is escaped; a backslash stands for itself. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', String.raw`\"`)}"`;
}
