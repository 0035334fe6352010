const LAWFUL = ['6.1.a', '6.1.b', '6.1.c', '6.1.d', '6.1.e', '6.1.f'] as const;
const SPECIAL = ['9.2.a', '9.2.b', '9.2.c', '9.2.d', '9.2.e', '9.2.f', '9.2.g', '9.2.h', '9.2.i', '9.2.j'] as const;

/** Lawful bases of processing (GDPR, article 6.1), and what allows special categories such as health (article 9.2). */
export const LEGAL_BASES = [...LAWFUL, ...SPECIAL] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];
