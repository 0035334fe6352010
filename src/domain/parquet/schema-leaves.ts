import { FILE, REPETITION, SCHEMA, TYPE } from './format.ts';
import { neededNumber, neededStructs, neededText, numberOf, type ThriftStruct } from './thrift-struct.ts';

/** A column of the schema that has values. */
export interface Leaf {
  readonly path: readonly string[];
  /** Number of the physical type. */
  readonly type: number;
  /** Bytes of each value, 1 of a BOOLEAN as it is decoded; `undefined` where each has a length of its own. */
  readonly width: number | undefined;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** In the order in which row groups have them. Throws a RangeError where the schema is none. */
export function schemaLeaves(footer: ThriftStruct): readonly Leaf[] {
  const [root, ...elements] = neededStructs(footer, FILE.schema);
  if (root === undefined) throw new RangeError('the schema is empty');
  const leaves: Leaf[] = [];
  let next = 0;
  const visit = (parent: Pick<Leaf, 'path' | 'maxDefinition' | 'maxRepetition'>, children: number): void => {
    for (let left = children; left > 0; left -= 1) {
      const element = elements[next];
      next += 1;
      if (element === undefined) throw new RangeError('the schema ends too early');
      const repetition = neededNumber(element, SCHEMA.repetition);
      const place = {
        path: [...parent.path, neededText(element, SCHEMA.name)],
        maxDefinition: parent.maxDefinition + (repetition === REPETITION.required ? 0 : 1),
        maxRepetition: parent.maxRepetition + (repetition === REPETITION.repeated ? 1 : 0),
      };
      const type = numberOf(element, SCHEMA.type);
      if (type === undefined) visit(place, numberOf(element, SCHEMA.children) ?? 0);
      else leaves.push({ ...place, type, width: widthOf(type, numberOf(element, SCHEMA.typeLength)) });
    }
  };
  visit({ path: [], maxDefinition: 0, maxRepetition: 0 }, numberOf(root, SCHEMA.children) ?? 0);
  if (next !== elements.length) throw new RangeError('the schema goes on after its end');
  return leaves;
}

const WIDTHS: Readonly<Record<number, number>> = {
  [TYPE.boolean]: 1,
  [TYPE.int32]: 4,
  [TYPE.int64]: 8,
  [TYPE.int96]: 12,
  [TYPE.float]: 4,
  [TYPE.double]: 8,
};

function widthOf(type: number, length: number | undefined): number | undefined {
  if (type === TYPE.byteArray) return undefined;
  const width = type === TYPE.fixed ? length : WIDTHS[type];
  if (width === undefined || width < 1) throw new RangeError(`values of type ${type} have no width`);
  return width;
}
