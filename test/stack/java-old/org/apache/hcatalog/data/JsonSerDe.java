package org.apache.hcatalog.data;

/** The name that it had before HCatalog came to Hive. The class of that time implements an interface that Hive 3 no longer has. */
public class JsonSerDe extends org.apache.hive.hcatalog.data.JsonSerDe {}
