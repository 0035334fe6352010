import type { Check, CheckRule } from '../../domain/privacy/check.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { NUMBER_PATTERN } from '../../domain/privacy/filter-sql.ts';
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

/**
 * Rows that break a check are counted by Spark's SQL, as the job counts them, for Glue's own rules of column values do not say the same: they fail where every
 * value is NULL, where there is no row, and for numbers that are text.
 */
function rulesOf(check: Check): string[] {
  if (check.rule !== 'row-count') return [`CustomSql "${brokenSql(check)}" = 0`];
  return [
    ...(check.min === undefined ? [] : [`RowCount >= ${check.min}`]),
    ...(check.max === undefined ? [] : [`RowCount <= ${check.max}`]),
  ];
}

type ColumnCheck = Exclude<CheckRule, { rule: 'row-count' }>;

/** `primary` is the dataset. */
function brokenSql(check: ColumnCheck): string {
  if (check.rule !== 'unique') return `select count(*) from primary where ${conditionOf(check)}`;
  const names = check.columns.map(name);
  const isThere = names.map((one) => `${one} is not null`).join(' and ');
  const groups = `select count(*) as n from primary where ${isThere} group by ${names.join(', ')} having count(*) > 1`;
  return `select coalesce(sum(n), 0) from (${groups})`;
}

/** Of a row that breaks it. */
function conditionOf(check: Exclude<ColumnCheck, { rule: 'unique' }>): string {
  const column = name(check.column);
  const text = `cast(${column} as string)`;
  switch (check.rule) {
    case 'not-null':
      return `${column} is null`;
    case 'between': {
      const number = `case when ${matches(text, NUMBER_PATTERN)} then cast(${text} as double) end`;
      const bounds = [
        ...(check.min === undefined ? [] : [`${number} >= cast('${check.min}' as double)`]),
        ...(check.max === undefined ? [] : [`${number} <= cast('${check.max}' as double)`]),
      ];
      return `${column} is not null and not coalesce(${bounds.join(' and ')}, false)`;
    }
    case 'in':
      return `${column} is not null and ${text} not in (${check.values.map(literal).join(', ')})`;
    case 'matches':
      return `${column} is not null and not ${matches(text, check.pattern)}`;
  }
}

/** The whole text; a dollar would let it end with a line feed. */
function matches(text: string, pattern: string): string {
  return `(${text} rlike ${literal(`^(?:${pattern})${String.raw`\z`}`)})`;
}

function name(column: string): string {
  return `\`${column}\``;
}

/** Quotation marks and backslashes, which DQDL and SQL escape each in its own way, by their numbers. */
function literal(text: string): string {
  const pieces = text.split(/(['"\\])/).filter((piece) => piece !== '');
  const written = pieces.map((piece) => (/['"\\]/.test(piece) ? `char(${piece.charCodeAt(0)})` : `'${piece}'`));
  return written.length > 1 ? `concat(${written.join(', ')})` : (written[0] ?? "''");
}
