import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { LakeliftError } from '../../errors.ts';
import type { Blueprint } from '../blueprint.ts';

/** How Spark reads days before 15 October 1582 in Parquet that does not say its calendar: as they stand, or by the calendar of that time. */
export type Rebase = 'CORRECTED' | 'LEGACY';

/**
 * By the calendar of that time where the mapping says of the dataset's tables that such days go as they are written (`calendar: keep`). One job reads all files alike:
 * throws `usage` where other tables or datasets stand beside them, whose days would be shifted.
 */
export function rebaseOf({ mapping }: Pick<Blueprint, 'mapping'>, { name, from, joins }: Dataset): Rebase {
  const sources = [from, ...joins.map((join) => join.with)].filter((one) => findDsnBlock(mapping, one) === undefined);
  const isOld = (source: string): boolean => {
    const table = mapping.tables[source];
    return table?.calendar === 'keep' && table.storage === 'keep';
  };
  const [old, others] = [sources.filter(isOld), sources.filter((source) => !isOld(source))];
  if (old.length === 0) return 'CORRECTED';
  if (others.length === 0) return 'LEGACY';
  throw new LakeliftError(
    `${name} is made of ${old.join(', ')}, whose days before 1582 are in another calendar than those of ${others.join(', ')}`,
    {
      kind: 'usage',
      code: 'DATASET_CALENDARS',
      subject: name,
      hint: `Convert ${old.join(', ')} (storage: convert), or make a dataset of it alone and join that.`,
    },
  );
}
