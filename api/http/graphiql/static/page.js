// Starts GraphiQL on the endpoint that serves this page. The first query stands in a file of its own, so that a test can run it.
"use strict";

const { createRoot } = window.ReactDOM;

fetch("graphiql/first.graphql")
  .then((answer) => (answer.ok ? answer.text() : ""))
  .catch(() => "")
  .then((first) => {
    const fetcher = window.GraphiQL.createFetcher({ url: new URL("graphql", document.baseURI).href });
    const graphiql = window.React.createElement(window.GraphiQL, { fetcher, defaultQuery: first, shouldPersistHeaders: false });
    createRoot(document.getElementById("graphiql")).render(graphiql);
  });
