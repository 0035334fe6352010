import type { PlannedColumn } from './dataset.ts';
import { effectiveTreatment } from './plan-columns.ts';
import type { ColumnPrivacy } from './privacy-report.ts';
import { treatmentForm } from './treatment.ts';

/** What privacy reports say of a column. */
export function columnPrivacy(column: PlannedColumn): ColumnPrivacy {
  const { name, source, class: kind, measure, because } = column;
  const treatment = measure?.kind ?? treatmentForm(effectiveTreatment(column));
  return {
    name,
    source,
    class: kind,
    treatment,
    ...(because !== undefined && { because }),
  };
}
