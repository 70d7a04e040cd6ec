import { useConnection } from '../live/connection';

export function Footer() {
  const { version } = useConnection();
  return (
    <footer className="bottom">
      <p>
        Everything here comes from this server's <a href="/graphql">GraphQL API</a> (
        <a href="/schema.graphql">schema</a>). Amounts of different tokens are never added.
      </p>
      <p>
        The loop's events follow the profile openledger-reference/1. It is ours: OpenLedger has not published ABIs for
        these parts. {version && `Version ${version}.`}
      </p>
    </footer>
  );
}
