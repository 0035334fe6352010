import type { ColumnStatistics as GlueStatistics, ColumnStatisticsData, DecimalNumber } from '@aws-sdk/client-glue';
import type { ColumnStatistics, DecimalBound, ValueStatistics } from '../../domain/column-statistics.ts';
import { bytesOfUnscaled, unscaledOf } from '../../domain/unscaled-value.ts';

const DAY_MS = 24 * 3600 * 1000;

export function toGlueStatistics({ column, type, analyzedAtSeconds, values }: ColumnStatistics): GlueStatistics {
  return {
    ColumnName: column,
    ColumnType: type,
    AnalyzedTime: new Date(analyzedAtSeconds * 1000),
    StatisticsData: toData(values),
  };
}

/** undefined for what lakelift writes none of, such as bounds that are left open. */
export function fromGlueStatistics(found: GlueStatistics): ColumnStatistics | undefined {
  const { ColumnName = '', ColumnType = '', AnalyzedTime, StatisticsData } = found;
  const values = StatisticsData === undefined ? undefined : fromData(StatisticsData);
  if (values === undefined) return undefined;
  const analyzedAtSeconds = Math.floor((AnalyzedTime?.getTime() ?? 0) / 1000);
  return { column: ColumnName, type: ColumnType, analyzedAtSeconds, values };
}

function toData(values: ValueStatistics): ColumnStatisticsData {
  switch (values.kind) {
    case 'boolean': {
      const { trues, falses, nulls } = values;
      const data = { NumberOfTrues: trues, NumberOfFalses: falses, NumberOfNulls: nulls };
      return { Type: 'BOOLEAN', BooleanColumnStatisticsData: data };
    }
    case 'long':
      return { Type: 'LONG', LongColumnStatisticsData: { ...range(values, Number), ...counts(values) } };
    case 'double':
      return { Type: 'DOUBLE', DoubleColumnStatisticsData: { ...range(values, Number), ...counts(values) } };
    case 'decimal':
      return { Type: 'DECIMAL', DecimalColumnStatisticsData: { ...range(values, toDecimal), ...counts(values) } };
    case 'date': {
      const toDate = (days: number): Date => new Date(days * DAY_MS);
      return { Type: 'DATE', DateColumnStatisticsData: { ...range(values, toDate), ...counts(values) } };
    }
    case 'string':
      return { Type: 'STRING', StringColumnStatisticsData: { ...lengths(values), ...counts(values) } };
    case 'binary':
      return { Type: 'BINARY', BinaryColumnStatisticsData: { ...lengths(values), NumberOfNulls: values.nulls } };
  }
}

function range<Bound, To>(
  { least, greatest }: { readonly least: Bound; readonly greatest: Bound },
  translate: (bound: Bound) => To,
): { MinimumValue: To; MaximumValue: To } {
  return { MinimumValue: translate(least), MaximumValue: translate(greatest) };
}

function counts({ nulls, distinct }: { readonly nulls: number; readonly distinct: number }) {
  return { NumberOfNulls: nulls, NumberOfDistinctValues: distinct };
}

function lengths({ longestBytes, averageBytes }: { readonly longestBytes: number; readonly averageBytes: number }) {
  return { MaximumLength: longestBytes, AverageLength: averageBytes };
}

function toDecimal({ unscaled, scale }: DecimalBound): DecimalNumber {
  return { UnscaledValue: bytesOfUnscaled(BigInt(unscaled)), Scale: scale };
}

function fromData(data: ColumnStatisticsData): ValueStatistics | undefined {
  const { BooleanColumnStatisticsData: boolean, StringColumnStatisticsData: string } = data;
  const { BinaryColumnStatisticsData: binary } = data;
  if (boolean !== undefined) {
    const { NumberOfTrues: trues = 0, NumberOfFalses: falses = 0, NumberOfNulls: nulls = 0 } = boolean;
    return { kind: 'boolean', trues, falses, nulls };
  }
  if (string !== undefined) return { kind: 'string', ...lengthsOf(string), ...countsOf(string) };
  if (binary !== undefined) return { kind: 'binary', ...lengthsOf(binary), nulls: binary.NumberOfNulls ?? 0 };
  return fromRange(data);
}

function fromRange(data: ColumnStatisticsData): ValueStatistics | undefined {
  const { LongColumnStatisticsData: long, DoubleColumnStatisticsData: double } = data;
  const { DecimalColumnStatisticsData: decimal, DateColumnStatisticsData: date } = data;
  if (long !== undefined) return { kind: 'long', ...boundsOf(long, Number), ...countsOf(long) };
  if (double !== undefined) return { kind: 'double', ...boundsOf(double, Number), ...countsOf(double) };
  if (decimal?.MinimumValue !== undefined && decimal.MaximumValue !== undefined)
    return { kind: 'decimal', ...boundsOf(decimal, fromDecimal), ...countsOf(decimal) };
  if (date?.MinimumValue === undefined || date.MaximumValue === undefined) return undefined;
  return { kind: 'date', ...boundsOf(date, (day) => Math.floor(day!.getTime() / DAY_MS)), ...countsOf(date) };
}

function boundsOf<Bound, To>(
  { MinimumValue, MaximumValue }: { MinimumValue?: Bound | undefined; MaximumValue?: Bound | undefined },
  translate: (bound: Bound | undefined) => To,
): { least: To; greatest: To } {
  return { least: translate(MinimumValue), greatest: translate(MaximumValue) };
}

function countsOf(data: { NumberOfNulls: number | undefined; NumberOfDistinctValues: number | undefined }) {
  return { nulls: data.NumberOfNulls ?? 0, distinct: data.NumberOfDistinctValues ?? 0 };
}

function lengthsOf(data: { MaximumLength: number | undefined; AverageLength: number | undefined }) {
  return { longestBytes: data.MaximumLength ?? 0, averageBytes: data.AverageLength ?? 0 };
}

function fromDecimal(value: DecimalNumber | undefined): DecimalBound {
  return { unscaled: String(unscaledOf(value?.UnscaledValue ?? new Uint8Array(1))), scale: value?.Scale ?? 0 };
}
