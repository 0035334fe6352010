/** A place in the text of a view; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function formatPlace({ line, column }: Place): string {
  return `${line}:${column}`;
}

/** What is not known with certainty to mean the same in Athena, and where it stands in the view's text. */
export class ViewSqlError extends Error {
  override readonly name = 'ViewSqlError';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}
