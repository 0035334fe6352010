import type { Measure } from '../../domain/privacy/aggregate.ts';
import { columnsOfCheck, type Check } from '../../domain/privacy/check.ts';
import type { Filter } from '../../domain/privacy/filter.ts';
import type { PlannedKey } from '../../domain/privacy/planned-dataset.ts';
import { treatmentForm } from '../../domain/privacy/treatment.ts';
import { call, literal } from './python-text.ts';

export function treatedColumn(rows: string, { source, name, treatment, read }: PlannedKey): string {
  const given = [rows, literal(source), literal(treatmentForm(treatment))];
  return `${call('job.treat', given, { reading: read?.reading })}.alias(${literal(name)})`;
}

/** Texts that are none of their type are counted before they are read. */
export function unreadableLines(rows: string, columns: readonly PlannedKey[]): string[] {
  return columns.flatMap(({ source, read }) =>
    read === undefined
      ? []
      : [
          call('job.unreadable', [rows, literal(source), literal(read.reading)], {
            form: read.form,
            severity: read.severity,
          }),
        ],
  );
}

export function filterText(rows: string, { column, is, values }: Filter): string {
  return call('fulfils', [rows, literal(column), literal(is), ...(values.length === 0 ? [] : [literal(values)])], {});
}

export function measureText(measure: Measure): string {
  const column = literal(measure.column);
  switch (measure.kind) {
    case 'count':
      return measure.column === undefined ? 'F.count(F.lit(1))' : `F.count(${column})`;
    case 'distinct':
      return `F.countDistinct(${column})`;
    case 'min':
    case 'max':
      return `F.${measure.kind}(${column})`;
    case 'sum':
      return `total(rows, ${column})`;
    case 'avg':
      return `mean(rows, ${column})`;
  }
}

export function checkLine(check: Check): string {
  const { rule, severity } = check;
  return call('job.check', ['rows', literal(severity), literal(rule)], {
    columns: rule === 'row-count' ? undefined : columnsOfCheck(check),
    min: 'min' in check ? check.min : undefined,
    max: 'max' in check ? check.max : undefined,
    values: 'values' in check ? check.values : undefined,
    pattern: 'pattern' in check ? check.pattern : undefined,
  });
}
