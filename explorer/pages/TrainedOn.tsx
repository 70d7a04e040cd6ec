import { formatShare } from '../format/number';
import { Named } from '../parts/Named';

interface Input {
  weight: number;
  datanetId: string;
  datanetVersion: string;
  datanet: { id: string; name: string | null } | null;
}

export function TrainedOn({ inputs }: { inputs: readonly Input[] }) {
  if (inputs.length === 0) return <span className="quiet">no training run</span>;
  return (
    <span className="list">
      {inputs.map(({ datanet, datanetId, datanetVersion, weight }) => (
        <span key={`${datanetId} ${datanetVersion}`}>
          <Named of={datanet} missing={`Datanet ${datanetId}`} />{' '}
          <small className="quiet">
            v{datanetVersion}, {formatShare(weight)}
          </small>
        </span>
      ))}
    </span>
  );
}
