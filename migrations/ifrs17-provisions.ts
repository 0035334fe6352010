import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'ifrs17-provisions',
  title: { fr: 'Provisions IFRS 17', en: 'IFRS 17 provisions' },
  owner: 'actuariat-data@example.org',
  wave: 3,
  source: { tables: ['actuariat.provisions', 'actuariat.hypotheses'] },
  purpose: 'Calculer les provisions et la marge de service',
  legalBasis: 'art. 6.1.c',
  consumers: ['moteur-ifrs17'],
});
