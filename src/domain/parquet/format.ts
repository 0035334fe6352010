/** Numbers of fields, types and encodings as in `parquet.thrift` of apache/parquet-format 2.11. */
export const FILE = { schema: 2, rows: 3, groups: 4, encryption: 8, signingKey: 9 };
export const SCHEMA = { type: 1, typeLength: 2, repetition: 3, name: 4, children: 5 };
export const GROUP = { columns: 1, bytes: 2, rows: 3, sorting: 4, offset: 5, compressedBytes: 6, ordinal: 7 };
export const COLUMN = { filePath: 1, offset: 2, metadata: 3, crypto: 8, encryptedMetadata: 9 };
export const METADATA = {
  type: 1,
  encodings: 2,
  path: 3,
  codec: 4,
  values: 5,
  bytes: 6,
  compressedBytes: 7,
  keyValues: 8,
  dataOffset: 9,
  indexOffset: 10,
  dictionaryOffset: 11,
  statistics: 12,
  encodingStatistics: 13,
  sizeStatistics: 16,
  geospatialStatistics: 17,
};
export const PAGE = { type: 1, bytes: 2, compressedBytes: 3, crc: 4, data: 5, dictionary: 7, dataV2: 8 };
export const DATA = { values: 1, encoding: 2, definitionEncoding: 3, repetitionEncoding: 4 };
export const DICTIONARY = { values: 1, encoding: 2 };
export const DATA_V2 = { values: 1, rows: 3, encoding: 4, definitionBytes: 5, repetitionBytes: 6, isCompressed: 7 };

export const PAGE_TYPE = { data: 0, dictionary: 2, dataV2: 3 };
export const REPETITION = { required: 0, optional: 1, repeated: 2 };

/** Physical types. */
export const TYPE = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, byteArray: 6, fixed: 7 };

export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  deltaByteArray: 7,
  rleDictionary: 8,
  byteStreamSplit: 9,
};
