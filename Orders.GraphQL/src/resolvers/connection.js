/**
 * A page of Orders.Query as a Relay connection.
 * @param {{ orders: any[], next_cursor: string | null }} page
 */
export function connection({ orders, next_cursor: endCursor }) {
  return {
    edges: orders.map((node, index) => ({ node, cursor: index === orders.length - 1 ? endCursor : null })),
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
  };
}
