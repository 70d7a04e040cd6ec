import { useAsk } from '../data/useAsk';
import { type AccountPageData, AccountPage as Document } from '../documents';
import { partsOf, shorten, words } from '../format/names';
import { counted, formatCount } from '../format/number';
import { contributionColumns } from '../lists/contributions';
import { inferenceColumns } from '../lists/inferences';
import { modelColumns } from '../lists/models';
import { rewardColumns } from '../lists/rewards';
import { Amount, Amounts } from '../parts/Amount';
import { BackingLegend } from '../parts/BackingBar';
import { Bond } from '../parts/Bond';
import { Facts, Figures } from '../parts/Facts';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Missing, Shown } from '../parts/states';
import { Time } from '../parts/Time';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { AttributionGraph, DoubleEntry, RewardHistoryChart } from './charts';
import { Evidence } from './Evidence';
import { More } from './More';
import { ThingHead } from './ThingHead';

type Account = NonNullable<AccountPageData['account']>;

export function AccountPage({ id }: { id: string }) {
  const address = partsOf(id).key;
  const known = /^0x[0-9a-fA-F]{40}$/.test(address);
  const past = usePast();
  const { asOf, to, chainId } = past;
  const asked = useAsk(Document, { address, asOf, to, chainId }, { pause: !known || past.isWaiting });
  if (!known) return <Missing what={id} />;
  return (
    <Shown asked={asked} part={({ account }) => account} what={id}>
      {(account, { rewardHistory }) => (
        <div className="page">
          <ThingHead id={account.id} title={shorten(account.address)}>
            <p className="lead mono">{account.address}</p>
            <p className="roles">
              {account.roles.map((role) => (
                <span key={role} className="badge">
                  {words(role)}
                </span>
              ))}
            </p>
          </ThingHead>
          <Figures
            of={[
              ['Earned', <Amounts key="accrued" of={account.rewardTotals.accrued} />],
              ['Claimable', <Amounts key="claimable" of={account.rewardTotals.claimable} />],
              ['Claimed', <Amounts key="claimed" of={account.rewardTotals.claimed} />],
              ['Taken back', <Amounts key="reversed" of={account.rewardTotals.reversed} />],
              ['Fees paid', <Amounts key="fees" of={account.feesPaid} />, counted(account.inferenceCount, 'inference')],
            ]}
          />
          <Section title="Rewards by what backs them" side={<BackingLegend />} className="panel">
            <WhenSeen height={220}>
              <RewardHistoryChart points={rewardHistory?.points ?? []} />
            </WhenSeen>
          </Section>
          <Roles of={account} />
          <Section
            title="Attribution graph"
            side={<a href={`/paths?from=${account.id}`}>How is it connected with something else?</a>}
          >
            <WhenSeen height={420}>
              <AttributionGraph root={account.id} kind="force" />
            </WhenSeen>
          </Section>
          <Section
            title="Does it add up?"
            note="Double entry: what leaves one account comes into another."
            className="panel"
          >
            <WhenSeen height={220}>
              <DoubleEntry scope="ACCOUNT" id={account.id} />
            </WhenSeen>
          </Section>
          <Standing of={account} />
        </div>
      )}
    </Shown>
  );
}

/** What it did in each of its roles; those that it doesn't have are left out. */
function Roles({ of: account }: { of: Account }) {
  const { address } = account;
  return (
    <>
      {account.rewards.nodes.length > 0 && (
        <Section title="Rewards">
          <More
            caption="Rewards"
            rows={account.rewards.nodes}
            columns={rewardColumns}
            without={['Beneficiary']}
            keyOf={(row) => row.id}
            total={account.rewards.totalCount}
            href={`/rewards?beneficiary=${address}`}
            empty=""
          />
        </Section>
      )}
      {account.contributions.nodes.length > 0 && (
        <Section
          title="Contributions"
          note={`${formatCount(account.acceptedCount)} of ${formatCount(account.contributionCount)} accepted`}
        >
          <More
            caption="Contributions"
            rows={account.contributions.nodes}
            columns={contributionColumns}
            without={['Contributor']}
            keyOf={(row) => row.id}
            total={account.contributionCount}
            href={`/contributions?contributor=${address}`}
            empty=""
          />
        </Section>
      )}
      {account.models.nodes.length > 0 && (
        <Section title="Models">
          <More
            caption="Models"
            rows={account.models.nodes}
            columns={modelColumns}
            without={['Builder']}
            keyOf={(row) => row.id}
            total={account.modelCount}
            href={`/models?builder=${address}`}
            empty=""
          />
        </Section>
      )}
      {account.inferences.nodes.length > 0 && (
        <Section title="Inferences it paid for">
          <More
            caption="Inferences"
            rows={account.inferences.nodes}
            columns={inferenceColumns}
            without={['User']}
            keyOf={(row) => row.id}
            total={account.inferenceCount}
            href={`/inferences?user=${address}`}
            empty=""
          />
        </Section>
      )}
    </>
  );
}

function Standing({ of: account }: { of: Account }) {
  return (
    <div className="split">
      <Section title="Claims">
        <More
          caption="Claims"
          rows={account.claims.nodes}
          columns={[
            {
              title: 'Claim',
              main: true,
              cell: ({ id, claimedAt }) => (
                <a href={`/${id}`}>
                  <Time at={claimedAt.timestamp} />
                </a>
              ),
            },
            { title: 'Amount', number: true, cell: ({ amount }) => <Amount of={amount} /> },
            { title: 'To', cell: ({ to }) => <Address of={to.address} /> },
          ]}
          keyOf={(row) => row.id}
          total={account.claims.totalCount}
          empty="Nothing was claimed yet."
        />
      </Section>
      <Section title="Standing">
        <Facts
          of={[
            ...account.bonds.map(
              ({ chainId, role, balance, slashed }) =>
                [
                  `Bond as ${words(role)} on ${chainId}`,
                  <span key={`${role} ${chainId}`}>
                    <Bond of={balance} chainId={chainId} />
                    {slashed !== '0' && (
                      <>
                        , <Bond of={slashed} chainId={chainId} /> slashed
                      </>
                    )}
                  </span>,
                ] as const,
            ),
            ...account.reputation.nodes.map(
              ({ chainId, datanetId, datanet, score }) =>
                [
                  `Reputation ${datanetId === '0' ? `on ${chainId}` : ''}`,
                  <span key={`${chainId} ${datanetId}`}>
                    {score} in <Named of={datanet} missing={`datanet ${datanetId}`} />
                  </span>,
                ] as const,
            ),
            [
              'Credits',
              account.creditsPurchased !== '0' &&
                `${formatCount(account.creditsPurchased)} bought, ${formatCount(account.creditsConsumed)} used`,
            ],
            ['First seen', <Evidence key="first" of={account.firstSeen} />],
            ['Last seen', <Evidence key="last" of={account.lastSeen} />],
          ]}
        />
      </Section>
    </div>
  );
}
