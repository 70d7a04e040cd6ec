import { fact, type Projections } from './projection';

export const datanetRegistry: Projections = {
  DatanetCreated: fact('datanet', 'datanetId', 'owner', 'transactionId', 'dataType', 'metadataHash', 'metadataURI'),
  DatanetUpdated: fact('datanet_update', 'datanetId', 'status', 'metadataHash', 'metadataURI'),
  DatanetOwnershipTransferred: fact('datanet_transfer', 'datanetId', 'to'),
  CuratorSet: fact('curator_set', 'datanetId', 'curator', 'active', 'weight'),
  DatanetVersionPublished: fact('datanet_version', 'datanetId', 'version', 'contentRoot', 'itemCount', 'manifestHash'),
};
