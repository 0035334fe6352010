import { describedTable } from './described-table.ts';
import { CLAIMS } from './domains/claims.ts';
import { CONTRACTS } from './domains/contracts.ts';
import { CUSTOMERS } from './domains/customers.ts';
import { FINANCE } from './domains/finance.ts';
import { PEOPLE } from './domains/people.ts';
import type { LakeTable } from './lake-table.ts';

/** Name and comment of every database beyond those of the first three use cases. */
export const MORE_DATABASES: readonly (readonly [string, string])[] = [
  ['actuariat', 'Provisions et engagements'],
  ['assistance', 'Assistance'],
  ['catnat', 'Risques naturels'],
  ['conformite', 'Lutte contre le blanchiment'],
  ['contrat', 'Vie du contrat'],
  ['courtage', 'Courtiers et commissions'],
  ['epargne', 'Assurance vie'],
  ['finance', 'Comptabilité'],
  ['flotte', 'Flottes d’entreprise'],
  ['fraude', 'Lutte contre la fraude'],
  ['marketing', 'Campagnes et consentements'],
  ['paie', 'Paie'],
  ['partenaire', 'Portail des partenaires'],
  ['portail', 'Espace client'],
  ['prevention', 'Prévention'],
  ['prevoyance', 'Prévoyance'],
  ['reassurance', 'Réassurance'],
  ['reclamation', 'Réclamations'],
  ['recours', 'Recours'],
  ['relation', 'Centre de relation client'],
  ['retraite', 'Retraite'],
  ['sante', 'Santé'],
  ['sinistre', 'Gestion des sinistres'],
  ['souscription', 'Souscription'],
  ['tarification', 'Tarification'],
  ['telematique', 'Télématique'],
  ['web', 'Sites web'],
];

export function moreTables(): LakeTable[] {
  return [...CLAIMS, ...CONTRACTS, ...CUSTOMERS, ...FINANCE, ...PEOPLE].map(describedTable);
}
